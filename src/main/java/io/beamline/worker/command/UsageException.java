package io.beamline.worker.command;

/** Thrown when a command line is not valid. Its message names the fault for the operator. */
final class UsageException extends Exception {

  UsageException(String message) {
    super(message);
  }
}
