package io.beamline.worker.deadletter;

/** A command cannot be done; the message says why in a sentence. */
final class CommandFailedException extends Exception {

  CommandFailedException(String message) {
    super(message);
  }
}
