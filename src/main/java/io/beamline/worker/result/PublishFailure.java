package io.beamline.worker.result;

import io.beamline.worker.connection.JetStreamErrors;
import io.nats.client.JetStreamApiException;

/** The cause of a failed publication. It decides whether a new session may help. */
enum PublishFailure {
  /** The message is larger than the server or its stream takes. */
  TOO_LARGE,
  /** The stream refuses the message, for example because it is full. */
  STREAM_ERROR,
  /** There was no confirmation: the stream is missing, or the server does not respond. */
  NO_RESPONSE;

  private static final int FAILURES_UNTIL_NEW_SESSION = 2;

  /** Finds the cause, also below exceptions that wrap it. */
  static PublishFailure of(Throwable failure) {
    return switch (failure) {
      case JetStreamApiException refused ->
          refused.getApiErrorCode() == JetStreamErrors.MESSAGE_TOO_LARGE ? TOO_LARGE : STREAM_ERROR;
      case IllegalArgumentException tooLarge -> TOO_LARGE;
      case RuntimeException wrapper when wrapper.getCause() != null -> of(wrapper.getCause());
      default -> NO_RESPONSE;
    };
  }

  /**
   * Returns whether a new session may help. It reads the limits again and creates missing streams.
   *
   * @param failures the failures of the message, this one included
   */
  boolean mayNeedNewSession(int failures) {
    return switch (this) {
      case TOO_LARGE -> true;
      case STREAM_ERROR -> false;
      case NO_RESPONSE -> failures >= FAILURES_UNTIL_NEW_SESSION;
    };
  }
}
