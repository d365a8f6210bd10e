package io.beamline.worker.intake;

/** A source delivers no more messages. The exception's message is the cause. */
final class SourceFailedException extends Exception {

  SourceFailedException(String message) {
    super(message);
  }
}
