package io.beamline.worker.security;

import jakarta.servlet.RequestDispatcher;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.web.error.ErrorAttributeOptions;
import org.springframework.boot.webmvc.error.DefaultErrorAttributes;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.context.request.WebRequest;
import org.springframework.web.servlet.function.ServerRequest;
import org.springframework.web.servlet.function.ServerResponse;

/**
 * Errors as JSON with the status and its name: no path, no stack trace. On the management port a
 * sentence says what is wrong with a request that its endpoint could not read.
 */
final class TerseErrors extends DefaultErrorAttributes {

  /** The answer on the main port. */
  static ServerResponse answer(ServerRequest request) {
    HttpStatus status =
        status(request.servletRequest().getAttribute(RequestDispatcher.ERROR_STATUS_CODE));
    return ServerResponse.status(status).contentType(MediaType.APPLICATION_JSON).body(body(status));
  }

  /** The answer on the management port. */
  @Override
  public Map<String, @Nullable Object> getErrorAttributes(
      WebRequest request, ErrorAttributeOptions options) {
    Map<String, @Nullable Object> body =
        body(
            status(
                request.getAttribute(
                    RequestDispatcher.ERROR_STATUS_CODE, WebRequest.SCOPE_REQUEST)));
    String fault = RequestFault.describe(getError(request));
    if (fault != null) {
      body.put("message", fault);
    }
    return body;
  }

  private static HttpStatus status(@Nullable Object code) {
    HttpStatus status = code instanceof Integer number ? HttpStatus.resolve(number) : null;
    return status == null ? HttpStatus.INTERNAL_SERVER_ERROR : status;
  }

  private static Map<String, @Nullable Object> body(HttpStatus status) {
    Map<String, @Nullable Object> body = new LinkedHashMap<>();
    body.put("status", status.value());
    body.put("error", status.getReasonPhrase());
    return body;
  }
}
