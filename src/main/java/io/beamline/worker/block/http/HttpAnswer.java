package io.beamline.worker.block.http;

import io.beamline.worker.contract.Outputs;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the server answered.
 *
 * @param status the status code, 100 to 999
 * @param headers the values of each header, found by any case of its name
 * @param body the body; empty unless the status is 2xx
 */
record HttpAnswer(int status, Map<String, List<String>> headers, ResponseBody body) {

  /** Whether the status is 2xx. */
  boolean successful() {
    return isSuccess(status);
  }

  /** Whether a status is 2xx. */
  static boolean isSuccess(int status) {
    return status >= 200 && status < 300;
  }

  /** The first value of a header, null when there is none. */
  @Nullable String header(String name) {
    List<String> values = headers.get(name);
    return values == null || values.isEmpty() ? null : values.getFirst();
  }

  /** The step's outputs (contract section 4). */
  Outputs outputs() {
    Map<String, Object> outputs = new LinkedHashMap<>();
    outputs.put("status_code", status);
    outputs.put("headers", headers);
    body.putInto(outputs);
    return Outputs.of(outputs);
  }
}
