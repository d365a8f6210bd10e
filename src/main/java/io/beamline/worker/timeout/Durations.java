package io.beamline.worker.timeout;

import java.time.Duration;

/** What {@link Duration} lacks. */
public final class Durations {

  private Durations() {}

  /** The shorter of two; either when they are equal. */
  public static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }
}
