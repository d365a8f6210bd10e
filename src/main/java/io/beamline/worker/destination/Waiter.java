package io.beamline.worker.destination;

import java.time.Duration;

/**
 * An applicant who can wait. A destination calls exactly one of these methods, once, unless the
 * waiter leaves before. It does so on the timer's thread, and holds no lock then.
 */
public interface Waiter extends Applicant {

  /** It may make its attempt now. */
  void granted(Permit permit);

  /**
   * The breaker has closed. It asks for a permit again, after a wait of its own choice.
   *
   * @param spread the time over which all who waited come back
   */
  void released(Duration spread);

  /** The breaker has opened, and it would not wait. */
  void refused(Refusal refusal);
}
