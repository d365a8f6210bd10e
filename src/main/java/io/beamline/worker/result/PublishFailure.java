package io.beamline.worker.result;

import io.beamline.worker.connection.JetStreamErrors;
import io.beamline.worker.result.OutgoingMessage.MessageKind;
import io.nats.client.JetStreamApiException;

/** The cause of a failed publication. It decides what may help besides publishing again. */
enum PublishFailure {
  /** The message is larger than the server or its stream takes. */
  TOO_LARGE,
  /** The stream refuses the message, for example because it is full. */
  STREAM_ERROR,
  /** There was no confirmation: the stream is missing, or the server does not respond. */
  NO_RESPONSE;

  private static final int FAILURES_UNTIL_REMEDY = 2;

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
   * Returns what may help. A dead letter without a response ends no session by itself: its stream
   * may be on a server that is away, which must not stop other work.
   *
   * @param failures the failures of the message, this one included
   */
  Remedy remedy(MessageKind kind, int failures) {
    return switch (this) {
      case TOO_LARGE -> Remedy.NEW_SESSION;
      case STREAM_ERROR -> Remedy.NONE;
      case NO_RESPONSE -> {
        if (failures < FAILURES_UNTIL_REMEDY) {
          yield Remedy.NONE;
        }
        yield kind == MessageKind.DEAD_LETTER ? Remedy.STREAM_CHECK : Remedy.NEW_SESSION;
      }
    };
  }

  /** What may help a message that cannot be published. */
  enum Remedy {
    NONE,
    /** A look whether the streams are still there; if one is missing, a new session. */
    STREAM_CHECK,
    /** A new session, which reads the limits again and creates missing streams. */
    NEW_SESSION
  }
}
