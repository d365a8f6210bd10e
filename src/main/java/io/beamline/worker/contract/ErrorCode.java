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

/** The error codes of a step (contract section 3). */
public enum ErrorCode {
  /** An input has a bad value, such as a URL, a method or a path. */
  INVALID_INPUT(1001, VALIDATION_ERROR, false),
  /** A required input is absent. */
  MISSING_REQUIRED_FIELD(1002, VALIDATION_ERROR, false),
  /** Base64 or headers cannot be parsed, or a message is malformed. */
  INVALID_FORMAT(1003, VALIDATION_ERROR, false),
  /** A block failed in another way. */
  EXECUTION_FAILED(2001, EXECUTION_ERROR, false),
  /** An I/O error, a missing file (not retryable), or all file threads are stuck. */
  RESOURCE_UNAVAILABLE(2002, EXECUTION_ERROR, true),
  /** Access is denied, or a path or destination is not allowed. */
  PERMISSION_DENIED(2003, PERMISSION_ERROR, false),
  /** The disk is full, or an input, response or result exceeds its limit. */
  QUOTA_EXCEEDED(2004, QUOTA_ERROR, false),
  /**
   * A connection is refused, reset or cut, a host is unknown, or TLS fails. A bad certificate is
   * not retryable.
   */
  NETWORK_ERROR(3001, CONNECTION_ERROR, true),
  /** The connect, handshake, pool or response timeout passed. */
  CONNECTION_TIMEOUT(3002, TIMEOUT, true),
  /** The HTTP response is not 2xx. The status decides whether it is retryable. */
  HTTP_ERROR(3003, SERVER_ERROR, false),
  /** The worker or a block has a defect, or the assignment was delivered too often. */
  INTERNAL_ERROR(4001, ErrorType.INTERNAL_ERROR, false),
  /** The queue had no room, or the deadline passed there. The Router may retry. */
  SYSTEM_OVERLOAD(4002, OVERLOAD_ERROR, true),
  /** The worker drained in core delivery. */
  CANCELLED_BY_USER(5001, CANCELLED, false),
  /** The deadline cut the attempt, or the timeout of a file operation passed. */
  CANCELLED_BY_TIMEOUT(5002, TIMEOUT, false);

  private final int number;
  private final ErrorType type;
  private final boolean retryable;

  ErrorCode(int number, ErrorType type, boolean retryable) {
    this.number = number;
    this.type = type;
    this.retryable = retryable;
  }

  /** Returns the code's number, 1001 to 5002. */
  public int number() {
    return number;
  }

  /** Returns the {@code error_type} of this code, unless the failure names another. */
  public ErrorType type() {
    return type;
  }

  /** Returns whether a failure with this code is retryable, unless the failure says otherwise. */
  public boolean retryable() {
    return retryable;
  }
}
