package io.beamline.worker.destination;

/** The answer to the question whether an attempt may be made now. */
public sealed interface Admission {

  /** It may. */
  record Granted(Permit permit) implements Admission {}

  /**
   * It may not now, and would wait.
   *
   * @param destination what it would wait for
   * @param parked whether the breaker is the reason, not a limit
   */
  record MustWait(Destination destination, boolean parked) implements Admission {}

  /** The breaker is not closed, and the waiter would not wait. */
  record NotTried(Refusal refusal) implements Admission {}
}
