package io.beamline.worker.rollout;

import io.beamline.worker.feature.WorkerFeature;

/** Describes cancellation, which changes only the steps that somebody cancels. Pure. */
final class CancellationText {

  private CancellationText() {}

  /**
   * Returns one line for a person.
   *
   * @param on whether the flag is on for at least some assignments
   * @param cancelled number of steps that were cancelled
   * @param all number of steps
   */
  static String of(boolean on, long cancelled, long all) {
    return WorkerFeature.CP2_CANCELLATION_ENABLED.name()
        + (on
            ? ": %d of %d steps cancelled; it changes no other step, so there is nothing to compare"
                .formatted(cancelled, all)
            : ": off, so that requests are ignored");
  }
}
