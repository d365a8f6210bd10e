package io.beamline.worker.block.http;

import io.beamline.worker.contract.Outputs;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A received response.
 *
 * @param status the status code, 100 to 999
 * @param headers the values of each header; lookup ignores the case of the name
 * @param body the body, which is empty unless the status is 2xx
 */
record HttpResponse(int status, Map<String, List<String>> headers, ResponseBody body) {

  /** Returns whether the status is 2xx. */
  boolean successful() {
    return isSuccess(status);
  }

  /** Returns whether a status is 2xx. */
  static boolean isSuccess(int status) {
    return status >= 200 && status < 300;
  }

  /** Returns the first value of a header, or null if there is none. */
  @Nullable String header(String name) {
    List<String> values = headers.get(name);
    return values == null || values.isEmpty() ? null : values.getFirst();
  }

  /** Returns the outputs of the step (contract section 4). */
  Outputs outputs() {
    Map<String, Object> outputs = new LinkedHashMap<>();
    outputs.put("status_code", status);
    outputs.put("headers", headers);
    body.putInto(outputs);
    return Outputs.of(outputs);
  }
}
