package io.beamline.worker.contract;

import java.util.Map;

/** What a block that succeeded puts into {@code result} (contract section 4). */
public sealed interface Outputs {

  /**
   * Named values, written in the order of the map.
   *
   * @param values strings, {@link Utf8Text}, booleans, numbers (Integer, Long, Double), {@link
   *     RawJson}, and lists and maps of these
   */
  record Fields(Map<String, ?> values) implements Outputs {}

  /**
   * An object that is passed on as it came.
   *
   * @param object a JSON object
   */
  record Raw(RawJson object) implements Outputs {}

  /** Named values, written in the order of the map. */
  static Outputs of(Map<String, ?> values) {
    return new Fields(values);
  }
}
