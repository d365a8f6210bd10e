package io.beamline.worker.destination;

/** The answer to the question whether an attempt may be made now. */
public sealed interface Entry {

  /** It may. */
  record Granted(Permit permit) implements Entry {}

  /**
   * It may not now, and would wait.
   *
   * @param destination what it would wait for
   * @param parked whether the breaker is the reason, not a limit
   */
  record MustWait(Destination destination, boolean parked) implements Entry {}

  /** The breaker is not closed, and the waiter would not wait. */
  record Refused(Refusal refusal) implements Entry {}
}
