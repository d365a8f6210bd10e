package io.beamline.worker.contract;

import java.util.Map;

/**
 * The outputs of a block, which become the {@code result} (contract section 4). Whoever receives
 * outputs closes them once: after they are written, or when they are dropped.
 */
public sealed interface Outputs extends AutoCloseable {

  /**
   * Named values, written in the order of the map.
   *
   * @param values strings, {@link Utf8Text}, booleans, numbers (Integer, Long, Double), {@link
   *     RawJson}, and lists and maps of these
   * @param release frees what the values need until they are written; {@link #close} runs it
   */
  record Fields(Map<String, ?> values, Runnable release) implements Outputs {

    @Override
    public void close() {
      release.run();
    }
  }

  /**
   * An object that is written as it came.
   *
   * @param object a JSON object
   */
  record RawObject(RawJson object) implements Outputs {

    @Override
    public void close() {}
  }

  /**
   * Outputs that cost something.
   *
   * @param outputs what becomes the result
   * @param cost what the Router meters: a finite number from 0
   * @param release frees what the outputs were made from; {@link #close} runs it
   */
  record Metered(Outputs outputs, double cost, Runnable release) implements Outputs {

    /** Refuses a cost that no result can show. */
    public Metered {
      if (!Double.isFinite(cost) || cost < 0) {
        throw new IllegalArgumentException("the cost must be a finite number from 0");
      }
    }

    @Override
    public void close() {
      outputs.close();
      release.run();
    }
  }

  /** Frees what the outputs need. Called once, by any thread. */
  @Override
  void close();

  /** Returns named values, written in the order of the map, that need nothing to be freed. */
  static Outputs of(Map<String, ?> values) {
    return new Fields(values, () -> {});
  }

  /** Returns the same outputs with their cost, which is a finite number from 0. */
  static Outputs metered(Outputs outputs, double cost) {
    return new Metered(outputs, cost, () -> {});
  }

  /**
   * Returns named values that need something, such as memory, until they are written.
   *
   * @param release frees it; run once
   */
  static Outputs holding(Map<String, ?> values, Runnable release) {
    return new Fields(values, release);
  }
}
