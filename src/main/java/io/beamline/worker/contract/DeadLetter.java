package io.beamline.worker.contract;

import java.util.Locale;

/**
 * A message that operators must look at (contract section 7). Immutable but for the bytes, which
 * nobody changes.
 *
 * @param result what is known of it, as a result that ended in error
 * @param reason why it is here
 * @param originalSubject the subject it came on
 * @param original the message as it came
 */
public record DeadLetter(
    ExecResult result, Reason reason, String originalSubject, byte[] original) {

  /** Why a message became a dead letter. */
  public enum Reason {
    /** It is no assignment. */
    MALFORMED,
    /** It was delivered too often. */
    MAX_DELIVER,
    /** Its step failed. */
    FAILED;

    private final String wireName = name().toLowerCase(Locale.ROOT);

    /** The name as it appears in messages and metrics. */
    public String wireName() {
      return wireName;
    }
  }
}
