package io.beamline.worker.connection;

/**
 * The streams or the consumer cannot work as they are; the message says what an operator can do.
 */
final class UnusableStreamException extends Exception {

  UnusableStreamException(String message) {
    super(message);
  }
}
