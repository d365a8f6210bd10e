package io.beamline.worker.contract;

import java.util.Locale;

/**
 * The {@code error_type} of a result (contract section 3). The Router's circuit breaker counts
 * failures by it (contract section 1).
 */
public enum ErrorType {
  /** The input is wrong. */
  VALIDATION_ERROR,
  /** The block failed. */
  EXECUTION_ERROR,
  /** Access is not permitted. */
  PERMISSION_ERROR,
  /** A limit was exceeded. */
  QUOTA_ERROR,
  /** The provider could not be reached. */
  CONNECTION_ERROR,
  /** A timeout or deadline passed. */
  TIMEOUT,
  /** The provider responded with a server error. */
  SERVER_ERROR,
  /** The provider failed before, so that the worker did not try it again. */
  PROVIDER_UNAVAILABLE,
  /** The provider responded with a client error. */
  CLIENT_ERROR,
  /** The worker or a block has a defect. */
  INTERNAL_ERROR,
  /** The queue has no room. */
  OVERLOAD_ERROR,
  /** The step was cancelled. */
  CANCELLED;

  private final String wireName = name().toLowerCase(Locale.ROOT);

  /** Returns the name in messages. */
  public String wireName() {
    return wireName;
  }

  /** Returns whether the Router's circuit breaker counts this type against the provider. */
  public boolean countsAgainstProvider() {
    return switch (this) {
      case TIMEOUT, CONNECTION_ERROR, SERVER_ERROR, PROVIDER_UNAVAILABLE -> true;
      default -> false;
    };
  }
}
