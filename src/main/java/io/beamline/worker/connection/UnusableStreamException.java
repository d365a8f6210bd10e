package io.beamline.worker.connection;

/** The streams or the consumer cannot be used. The message says what an operator can do. */
final class UnusableStreamException extends Exception {

  UnusableStreamException(String message) {
    super(message);
  }
}
