package io.beamline.worker.deadletter;

import io.beamline.worker.contract.DeadLetter.Reason;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Selects letters. A part that is null selects all. Immutable.
 *
 * @param reason the reason of the selected letters
 * @param tenantId their tenant
 * @param type the type of their job, as the letter has it
 * @param errorCode the name of their error
 * @param since the earliest time of a selected letter
 * @param until the time before which they were stored
 */
public record LetterFilter(
    @Nullable Reason reason,
    @Nullable String tenantId,
    @Nullable String type,
    @Nullable String errorCode,
    @Nullable Instant since,
    @Nullable Instant until) {

  /** Creates a filter for a reason and a time alone. */
  public LetterFilter(@Nullable Reason reason, @Nullable Instant since) {
    this(reason, null, null, null, since, null);
  }

  /** Returns whether the filter selects a letter. */
  boolean matches(Letter letter) {
    StoredDeadLetter content = letter.content();
    return isIn(letter.time())
        && is(reason == null ? null : reason.wireName(), letter.reason())
        && is(tenantId, content == null ? null : content.tenantId())
        && is(type, content == null ? null : content.jobType())
        && is(errorCode, content == null ? null : content.errorCode());
  }

  private boolean isIn(Instant time) {
    return (since == null || !time.isBefore(since)) && (until == null || time.isBefore(until));
  }

  private static boolean is(@Nullable String wanted, @Nullable String actual) {
    return wanted == null || wanted.equals(actual);
  }
}
