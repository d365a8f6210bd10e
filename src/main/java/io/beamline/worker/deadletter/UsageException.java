package io.beamline.worker.deadletter;

/** The command line cannot be understood; the message says what is wrong with it. */
final class UsageException extends Exception {

  UsageException(String message) {
    super(message);
  }
}
