package io.beamline.worker.timeout;

import java.time.Duration;

/** Operations that {@link Duration} lacks. */
public final class Durations {

  private Durations() {}

  /** Returns the shorter of two durations. */
  public static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }
}
