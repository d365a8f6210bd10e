package io.beamline.worker.deadletter;

/** Thrown when a command cannot be completed. Its message is a sentence for the operator. */
final class CommandFailedException extends Exception {

  CommandFailedException(String message) {
    super(message);
  }
}
