package io.beamline.worker.intake;

import io.nats.client.support.Status;

/** What a status message of the server means for a pull. */
enum PullStatus {
  /** The pull has ended in the usual way: all was delivered, or it has expired. */
  ENDED,
  /** The pull has ended, because the next message is too large for it. */
  FULL,
  /** The server has dropped the pull. The next is requested when this one would have expired. */
  GONE,
  /** As {@link #GONE}, because the pull exceeds the consumer's limits; an operator should know. */
  REFUSED,
  /** The consumer cannot be read any more. */
  LOST;

  static PullStatus of(Status status) {
    String text = String.valueOf(status.getMessage());
    return switch (status.getCode()) {
      case Status.NOT_FOUND_CODE, Status.REQUEST_TIMEOUT_CODE -> ENDED;
      case Status.CONFLICT_CODE -> conflict(text);
      default -> LOST;
    };
  }

  private static PullStatus conflict(String text) {
    return switch (text) {
      case Status.BATCH_COMPLETED -> ENDED;
      case Status.MESSAGE_SIZE_EXCEEDS_MAX_BYTES -> FULL;
      case Status.LEADERSHIP_CHANGE, Status.SERVER_SHUTDOWN -> GONE;
      default -> text.startsWith(Status.EXCEEDED_MAX_PREFIX) ? REFUSED : LOST;
    };
  }
}
