package io.beamline.worker.contract;

import static io.beamline.worker.contract.ErrorType.CANCELLED;
import static io.beamline.worker.contract.ErrorType.CONNECTION_ERROR;
import static io.beamline.worker.contract.ErrorType.EXECUTION_ERROR;
import static io.beamline.worker.contract.ErrorType.OVERLOAD_ERROR;
import static io.beamline.worker.contract.ErrorType.PERMISSION_ERROR;
import static io.beamline.worker.contract.ErrorType.QUOTA_ERROR;
import static io.beamline.worker.contract.ErrorType.SERVER_ERROR;
import static io.beamline.worker.contract.ErrorType.TIMEOUT;
import static io.beamline.worker.contract.ErrorType.VALIDATION_ERROR;

/** The failures a step can end with (contract section 3). */
public enum ErrorCode {
  /** A bad value: URL, method, path, not a regular file, an existing file without overwrite. */
  INVALID_INPUT(1001, VALIDATION_ERROR, false),
  /** An input that must be there is absent. */
  MISSING_REQUIRED_FIELD(1002, VALIDATION_ERROR, false),
  /** A value that cannot be parsed: base64, headers. */
  INVALID_FORMAT(1003, VALIDATION_ERROR, false),
  /** A generic failure of the block. */
  EXECUTION_FAILED(2001, EXECUTION_ERROR, false),
  /** I/O errors, file threads all stuck; a missing file (that one not retryable). */
  RESOURCE_UNAVAILABLE(2002, EXECUTION_ERROR, true),
  /** Access denied, a path outside the roots, a destination that is not allowed. */
  PERMISSION_DENIED(2003, PERMISSION_ERROR, false),
  /** Disk full; an input, response or result over its limit. */
  QUOTA_EXCEEDED(2004, QUOTA_ERROR, false),
  /** Refused, reset, cut, unknown host, TLS (a bad certificate is not retryable). */
  NETWORK_ERROR(3001, CONNECTION_ERROR, true),
  /** The connect, handshake, pool or response timeout. */
  CONNECTION_TIMEOUT(3002, TIMEOUT, true),
  /** A non-2xx response; which statuses are retryable is decided per status. */
  HTTP_ERROR(3003, SERVER_ERROR, false),
  /** A defect in the worker or in a block. */
  INTERNAL_ERROR(4001, ErrorType.INTERNAL_ERROR, false),
  /** Dropped from a full queue; the Router may try again. */
  SYSTEM_OVERLOAD(4002, OVERLOAD_ERROR, true),
  /** Cancelled, or drained in core delivery. */
  CANCELLED_BY_USER(5001, CANCELLED, false),
  /** The total deadline, the retry budget, or the timeout of one file operation. */
  CANCELLED_BY_TIMEOUT(5002, TIMEOUT, false);

  private final int number;
  private final ErrorType type;
  private final boolean retryable;

  ErrorCode(int number, ErrorType type, boolean retryable) {
    this.number = number;
    this.type = type;
    this.retryable = retryable;
  }

  /** The code's number, 1001 to 5002. */
  public int number() {
    return number;
  }

  /** The {@code error_type} of a failure with this code, unless the failure names another. */
  public ErrorType type() {
    return type;
  }

  /**
   * Whether a failure with this code is worth another attempt, unless the failure says otherwise.
   */
  public boolean retryable() {
    return retryable;
  }
}
