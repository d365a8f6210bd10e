package io.beamline.worker.rollout;

/**
 * How many of the steps of a window are still in flight, on both sides of some flags.
 *
 * @param with steps in flight with the flags
 * @param without steps in flight without the flags
 * @param allWith steps with the flags, ended or in flight
 * @param allWithout steps without the flags, ended or in flight
 */
record InFlightShare(long with, long without, long allWith, long allWithout) {

  /** Counts the steps of all types; {@code flags} are the bits of the flags. */
  static InFlightShare of(Window window, int flags) {
    long with = window.inFlight(set -> (set & flags) == flags);
    long without = window.inFlight(set -> (set & flags) == 0);
    return new InFlightShare(
        with,
        without,
        with + window.of(set -> (set & flags) == flags).count(),
        without + window.of(set -> (set & flags) == 0).count());
  }

  /** Whether too many steps are in flight on either side for the verdict "no difference". */
  boolean isLarge() {
    return with > FlagEvaluation.MAX_IN_FLIGHT_SHARE * allWith
        || without > FlagEvaluation.MAX_IN_FLIGHT_SHARE * allWithout;
  }
}
