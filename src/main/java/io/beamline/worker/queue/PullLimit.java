package io.beamline.worker.queue;

/**
 * How many assignments the intake may have requested that are not delivered yet.
 *
 * @param messages the most at all, 0 or more
 * @param forAnyMix how many of them may be requested for long: whatever pools they are for, none
 *     will have more than it soon runs. 0 to {@code messages}.
 */
public record PullLimit(int messages, int forAnyMix) {

  /** The limit without the policy {@code hold}: none. */
  public static final PullLimit NONE = new PullLimit(Integer.MAX_VALUE, Integer.MAX_VALUE);

  /** Returns whether it is a limit at all. */
  public boolean isLimited() {
    return !equals(NONE);
  }
}
