package io.beamline.worker.contract;

import org.jspecify.annotations.Nullable;

/**
 * A request to cancel assignments (contract section 2, CancelRequest). It is valid: every field
 * follows its rule. Immutable.
 *
 * @param target whom it is for
 * @param reason a text for people, at most 256 printable characters; null if there is none
 * @param requestedBy who asks, at most 256 printable characters; null if unknown
 * @param requestedAt when, in ms since the epoch; null if unknown
 */
public record CancelRequest(
    CancelTarget target,
    @Nullable String reason,
    @Nullable String requestedBy,
    @Nullable Long requestedAt)
    implements CancelMessage {

  /** The most characters of a text for people. */
  public static final int MAX_TEXT_LENGTH = 256;

  /**
   * Returns whether a text may be a {@code reason} or a {@code requested_by}: at most 256
   * characters, each of them printable.
   */
  public static boolean isPrintable(String text) {
    return text.codePointCount(0, text.length()) <= MAX_TEXT_LENGTH
        && text.codePoints().allMatch(PlainCharacters::isPlain);
  }
}
