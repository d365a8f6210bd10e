package io.beamline.worker.result;

import io.beamline.worker.connection.JetStreamErrors;
import io.nats.client.JetStreamApiException;

/** Why a message could not be published, as far as it matters for what to do. Pure. */
enum Refusal {
  /** It is larger than the server or its stream takes. */
  SIZE,
  /** The stream cannot take it now, as one that is full. */
  STREAM,
  /** Nobody answered: there is no stream, or the server is silent. */
  SILENCE;

  private static final int SILENT_FOR_LONG = 2;

  static Refusal of(Throwable failure) {
    return switch (failure) {
      case JetStreamApiException refused ->
          refused.getApiErrorCode() == JetStreamErrors.MESSAGE_TOO_LARGE ? SIZE : STREAM;
      case IllegalArgumentException tooLarge -> SIZE;
      case RuntimeException wrapper when wrapper.getCause() != null -> of(wrapper.getCause());
      default -> SILENCE;
    };
  }

  /**
   * Whether a new session may help, because it reads the limits again and makes missing streams.
   *
   * @param failures of the message, this one included
   */
  boolean mayEndInANewSession(int failures) {
    return switch (this) {
      case SIZE -> true;
      case STREAM -> false;
      case SILENCE -> failures >= SILENT_FOR_LONG;
    };
  }
}
