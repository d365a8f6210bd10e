package io.beamline.worker.block.http;

import static io.beamline.worker.contract.ErrorCode.INVALID_INPUT;

import io.beamline.worker.block.BlockCall;
import io.beamline.worker.block.Inputs;
import io.beamline.worker.block.StepFailure;
import io.beamline.worker.contract.json.JsonFields.Field;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the inputs of {@code http.request} (contract section 4). Stateless. */
final class RequestReader {

  private static final Set<String> METHODS =
      Set.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS");

  private RequestReader() {}

  /**
   * Creates the request of a call.
   *
   * @throws StepFailure MISSING_REQUIRED_FIELD, INVALID_INPUT or INVALID_FORMAT
   */
  static HttpRequest read(BlockCall call) throws StepFailure {
    Inputs inputs = call.inputs();
    TargetUrl url = TargetUrl.parse(inputs.requiredText("url"));
    String method = method(inputs.text("method"));
    List<Header> headers = new ArrayList<>(RequestHeaders.read(inputs));
    Field body = inputs.field("body");
    ByteBuffer bytes = body == null ? null : RequestBody.bytes(body, headers);
    addUnlessSet(headers, "User-Agent", "beamline-worker");
    if (call.idempotencyKey()) {
      addUnlessSet(headers, "Idempotency-Key", call.assignmentId());
    }
    if (body != null) {
      addUnlessSet(headers, "Content-Type", contentType(body));
    }
    return new HttpRequest(method, url, List.copyOf(headers), bytes);
  }

  private static String method(@Nullable String text) throws StepFailure {
    String method = text == null ? "GET" : text.toUpperCase(Locale.ROOT);
    boolean ascii = text == null || Hosts.isAscii(text); // not "po\u017ft"
    if (!ascii || !METHODS.contains(method)) {
      throw StepFailure.of(INVALID_INPUT, "The method is not supported", Map.of("field", "method"));
    }
    return method;
  }

  private static String contentType(Field body) {
    return body instanceof Field.Text ? "text/plain;charset=UTF-8" : "application/json";
  }

  /** Adds a header, unless the job has set one of this name. */
  static void addUnlessSet(List<Header> headers, String name, String value) {
    if (headers.stream().noneMatch(header -> header.name().equalsIgnoreCase(name))) {
      headers.add(new Header(name, value));
    }
  }
}
