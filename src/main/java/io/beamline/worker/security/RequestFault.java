package io.beamline.worker.security;

import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.web.HttpMediaTypeNotSupportedException;
import org.springframework.web.HttpRequestMethodNotSupportedException;
import tools.jackson.core.JacksonException;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.databind.DatabindException;

/**
 * Says what is wrong with a request that no endpoint has seen (contract section 9). Of a body it
 * quotes at most the name of a field. Pure.
 */
final class RequestFault {

  private static final int MAX_NAME = 40;

  private RequestFault() {}

  /** Returns a sentence, or null if the failure is of another kind. */
  static @Nullable String describe(@Nullable Throwable failure) {
    return switch (failure) {
      case HttpMediaTypeNotSupportedException type ->
          "the body must be JSON, with the header Content-Type: application/json";
      case HttpRequestMethodNotSupportedException method -> methods(method);
      case HttpMessageNotReadableException body -> body(body.getCause());
      case null, default -> null;
    };
  }

  private static @Nullable String methods(HttpRequestMethodNotSupportedException failure) {
    String[] methods = failure.getSupportedMethods();
    return methods == null
        ? null
        : Stream.of(methods)
            .sorted()
            .collect(Collectors.joining(" or ", "the method must be ", ""));
  }

  private static String body(@Nullable Throwable cause) {
    return switch (cause) {
      case DatabindException unfit when unfit.getPath().isEmpty() ->
          "the body must be one JSON object";
      case DatabindException unfit ->
          field(unfit.getPath().getFirst().getPropertyName())
              + " must be a text, a number, true or false";
      case JacksonException broken -> "the body is not JSON" + place(broken.getLocation());
      case null, default -> "the body must be one JSON object";
    };
  }

  private static String field(@Nullable String name) {
    String known = name == null ? "a field of the body" : name;
    return known.length() > MAX_NAME ? known.substring(0, MAX_NAME) + "..." : known;
  }

  private static String place(@Nullable TokenStreamLocation location) {
    return location == null || location.getLineNr() < 1
        ? ""
        : ": look at line " + location.getLineNr() + ", column " + location.getColumnNr();
  }
}
