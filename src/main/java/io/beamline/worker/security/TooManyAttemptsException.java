package io.beamline.worker.security;

import java.time.Duration;
import org.springframework.security.authentication.AccountStatusException;

/** The client must wait before its next attempt to log in. */
final class TooManyAttemptsException extends AccountStatusException {

  private final Duration wait;

  TooManyAttemptsException(Duration wait) {
    super("Too many attempts to log in");
    this.wait = wait;
  }

  /** Returns the wait in whole seconds, at least 1. */
  long waitSeconds() {
    return Math.max(1, wait.plusMillis(999).toSeconds());
  }
}
