package io.beamline.worker.intake;

/** A source of messages gives no more; the message says why. */
final class SourceFailedException extends Exception {

  SourceFailedException(String message) {
    super(message);
  }
}
