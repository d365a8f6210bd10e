package io.beamline.worker.security;

import java.time.Duration;
import org.springframework.security.authentication.AccountStatusException;

/** Somebody must wait before the next attempt to log in. */
final class TooManyAttemptsException extends AccountStatusException {

  private final Duration wait;

  TooManyAttemptsException(Duration wait) {
    super("Too many attempts to log in");
    this.wait = wait;
  }

  /** How long to wait, in whole seconds and at least one. */
  long waitSeconds() {
    return Math.max(1, wait.plusMillis(999).toSeconds());
  }
}
