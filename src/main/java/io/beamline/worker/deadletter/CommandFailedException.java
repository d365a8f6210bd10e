package io.beamline.worker.deadletter;

/** Thrown when a command cannot be completed. Its message is a sentence for the operator. */
public final class CommandFailedException extends Exception {

  /**
   * Creates it.
   *
   * @param message a sentence
   */
  public CommandFailedException(String message) {
    super(message);
  }
}
