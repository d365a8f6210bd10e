package io.beamline.worker.connection;

import io.nats.client.JetStreamApiException;
import java.io.IOException;

/** Says in a sentence why NATS cannot be used. */
final class Trouble {

  private Trouble() {}

  static String describe(Throwable e) {
    String message = e.getMessage();
    return switch (e) {
      case UnusableStreamException unusable -> String.valueOf(message);
      case JetStreamApiException refused when refused.getErrorCode() == 503 ->
          "JetStream is not enabled for this account: " + refused.getErrorDescription();
      case JetStreamApiException refused -> "JetStream refused: " + refused.getErrorDescription();
      case IOException io when message != null && message.contains("503") ->
          "JetStream is not enabled on the server";
      default -> message == null ? e.getClass().getSimpleName() : message;
    };
  }
}
