package io.beamline.worker.contract;

import java.util.Locale;

/**
 * The {@code error_type} of a result. The Router's circuit breaker reads it: the types that {@link
 * #countsAgainstProvider()} open it (contract section 1).
 */
public enum ErrorType {
  /** The input is at fault. */
  VALIDATION_ERROR,
  /** The block failed. */
  EXECUTION_ERROR,
  /** Something is not permitted. */
  PERMISSION_ERROR,
  /** A limit was exceeded. */
  QUOTA_ERROR,
  /** The provider could not be reached. */
  CONNECTION_ERROR,
  /** Time ran out. */
  TIMEOUT,
  /** The provider answered with a server error. */
  SERVER_ERROR,
  /** The provider answered that the request is at fault. */
  CLIENT_ERROR,
  /** The worker is at fault. */
  INTERNAL_ERROR,
  /** The worker has no room. */
  OVERLOAD_ERROR,
  /** The step was cancelled. */
  CANCELLED;

  private final String wireName = name().toLowerCase(Locale.ROOT);

  /** The name as it appears in messages. */
  public String wireName() {
    return wireName;
  }

  /** Whether the Router counts a failure of this type against the provider. */
  public boolean countsAgainstProvider() {
    return this == TIMEOUT || this == CONNECTION_ERROR || this == SERVER_ERROR;
  }
}
