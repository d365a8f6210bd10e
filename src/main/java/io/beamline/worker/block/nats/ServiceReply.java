package io.beamline.worker.block.nats;

import static io.beamline.worker.contract.ErrorCode.EXECUTION_FAILED;
import static io.beamline.worker.contract.ErrorCode.NETWORK_ERROR;

import io.beamline.worker.block.ResultLimit;
import io.beamline.worker.block.StepFailure;
import io.beamline.worker.contract.Outputs;
import io.beamline.worker.contract.RawJson;
import io.beamline.worker.contract.StepError;
import io.beamline.worker.contract.Utf8Text;
import io.beamline.worker.contract.json.EncodedSize;
import io.beamline.worker.contract.json.JsonPart;
import io.beamline.worker.destination.AttemptVerdict;
import io.nats.client.Message;
import io.nats.client.impl.Headers;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What came back for a request (contract section 4). Immutable.
 *
 * @param message the message, which may also be the server's report that nobody listens
 */
record ServiceReply(Message message) {

  static final String TRANSFER_ENCODING = "Transfer-Encoding";

  private static final String CHUNKED = "chunked";

  /**
   * Returns the outputs of the step.
   *
   * @param maxResult the largest result that the server takes, in bytes
   * @throws StepFailure NETWORK_ERROR if nobody listens, EXECUTION_FAILED if the service reports an
   *     error or its reply has several parts, QUOTA_EXCEEDED if the result could not be published
   */
  Outputs outputs(long maxResult) throws StepFailure {
    if (message.isStatusMessage()) {
      throw StepFailure.of(NETWORK_ERROR, "No service answers on the subject");
    }
    ServiceError error = ServiceError.of(this);
    if (error != null) {
      throw error.failure();
    }
    if (isPart()) {
      StepError several =
          StepError.of(
              EXECUTION_FAILED, "The service answers in several parts, which is not supported");
      throw StepFailure.withoutRetry(several).saying(AttemptVerdict.WORKED);
    }
    Map<String, Object> outputs = new LinkedHashMap<>();
    putBody(outputs, maxResult);
    outputs.put("headers", headers());
    return Outputs.of(outputs);
  }

  /** Returns the first value of a header, whatever the case of its name; null if there is none. */
  @Nullable String header(String name) {
    List<String> values = values(name);
    return values.isEmpty() ? null : values.getFirst();
  }

  private boolean isPart() {
    return values(TRANSFER_ENCODING).stream()
        .anyMatch(value -> value.strip().equalsIgnoreCase(CHUNKED));
  }

  private void putBody(Map<String, Object> outputs, long maxResult) throws StepFailure {
    ByteBuffer bytes = ByteBuffer.wrap(message.getData());
    Utf8Text text = Utf8Text.of(bytes);
    RawJson json = text == null ? null : JsonPart.of(text);
    if (json != null) {
      ResultLimit.require(json.utf8().length(), maxResult);
      put(outputs, json, "json");
    } else if (text != null) {
      ResultLimit.require(EncodedSize.ofText(bytes), maxResult);
      put(outputs, text, "utf-8");
    } else {
      ResultLimit.require(EncodedSize.ofBase64(bytes.remaining()), maxResult);
      put(outputs, Utf8Text.base64(bytes), "base64");
    }
  }

  private static void put(Map<String, Object> outputs, Object body, String encoding) {
    outputs.put("body", body);
    outputs.put("body_encoding", encoding);
  }

  private Map<String, List<String>> headers() {
    Map<String, List<String>> headers = new TreeMap<>();
    Headers received = message.getHeaders();
    if (received != null) {
      received.forEach((name, values) -> headers.put(name, List.copyOf(values)));
    }
    return headers;
  }

  private List<String> values(String name) {
    Headers received = message.getHeaders();
    List<String> values = received == null ? null : received.getIgnoreCase(name);
    return values == null ? List.of() : values;
  }
}
