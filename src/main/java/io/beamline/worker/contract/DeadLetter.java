package io.beamline.worker.contract;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A message that operators must look at (contract section 7). Immutable as long as nobody changes
 * the bytes.
 *
 * @param result the result of the assignment, a failure
 * @param reason why the message is a dead letter
 * @param originalSubject the subject that the message came on
 * @param original the message as it came; not copied
 */
public record DeadLetter(
    ExecResult result, Reason reason, String originalSubject, byte[] original) {

  /** Why a message became a dead letter. */
  public enum Reason {
    /** The message is no assignment. */
    MALFORMED,
    /** The assignment was delivered too often. */
    MAX_DELIVER,
    /** The step failed. */
    FAILED;

    private final String wireName = name().toLowerCase(Locale.ROOT);

    /** Returns the reason with a name in messages; null if there is none. */
    public static @Nullable Reason of(String wireName) {
      return Arrays.stream(values())
          .filter(reason -> reason.wireName.equals(wireName))
          .findFirst()
          .orElse(null);
    }

    /** Returns all names in messages, separated by commas, for a sentence. */
    public static String names() {
      return Arrays.stream(values()).map(Reason::wireName).collect(Collectors.joining(", "));
    }

    /** Returns the name in messages and metrics. */
    public String wireName() {
      return wireName;
    }
  }
}
