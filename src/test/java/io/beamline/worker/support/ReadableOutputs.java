package io.beamline.worker.support;

import io.beamline.worker.contract.Outputs;
import io.beamline.worker.contract.Utf8Text;
import java.util.LinkedHashMap;
import java.util.Map;

/** What a block puts out, for tests to look at. */
public final class ReadableOutputs {

  private ReadableOutputs() {}

  /** The named values in their order, texts as strings. */
  public static Map<String, Object> of(Outputs outputs) {
    Map<String, Object> values = new LinkedHashMap<>();
    ((Outputs.Fields) outputs)
        .values()
        .forEach(
            (name, value) ->
                values.put(name, value instanceof Utf8Text text ? text.text() : value));
    return values;
  }
}
