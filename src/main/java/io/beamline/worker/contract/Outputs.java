package io.beamline.worker.contract;

import java.util.Map;

/**
 * What a block that succeeded puts into {@code result} (contract section 4). They are closed once
 * they have been written, or are not wanted.
 */
public sealed interface Outputs extends AutoCloseable {

  /** For values that need nothing but themselves. */
  Runnable NOTHING = () -> {};

  /**
   * Named values, written in the order of the map.
   *
   * @param values strings, {@link Utf8Text}, booleans, numbers (Integer, Long, Double), {@link
   *     RawJson}, and lists and maps of these
   * @param release lets go of what the values need until they are written; run by the close
   */
  record Fields(Map<String, ?> values, Runnable release) implements Outputs {

    @Override
    public void close() {
      release.run();
    }
  }

  /**
   * An object that is passed on as it came.
   *
   * @param object a JSON object
   */
  record RawObject(RawJson object) implements Outputs {

    @Override
    public void close() {}
  }

  /** To be called once. */
  @Override
  void close();

  /** Named values, written in the order of the map. */
  static Outputs of(Map<String, ?> values) {
    return new Fields(values, NOTHING);
  }

  /**
   * Named values that need something until they are written.
   *
   * @param release lets go of it; run once
   */
  static Outputs holding(Map<String, ?> values, Runnable release) {
    return new Fields(values, release);
  }
}
