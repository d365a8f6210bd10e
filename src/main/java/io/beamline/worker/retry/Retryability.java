package io.beamline.worker.retry;

import io.beamline.worker.contract.ErrorCode;
import io.beamline.worker.contract.StepError;
import java.util.Set;

/**
 * Which failures are worth another attempt (W3-1.3): those that the contract's table says, and
 * those that the settings add. Immutable.
 *
 * @param codes codes that are retryable besides the table's
 * @param statuses HTTP statuses that are retryable besides 408, 429 and 5xx
 */
public record Retryability(Set<ErrorCode> codes, Set<Integer> statuses) {

  /** The codes that settings may make retryable (contract section 3). */
  public static final Set<ErrorCode> CONFIGURABLE =
      Set.of(ErrorCode.EXECUTION_FAILED, ErrorCode.QUOTA_EXCEEDED, ErrorCode.INTERNAL_ERROR);

  /** Whether another attempt could succeed. */
  public boolean isRetryable(StepError error) {
    Integer status = error.httpStatus();
    return error.retryable()
        || codes.contains(error.code())
        || (error.code() == ErrorCode.HTTP_ERROR && status != null && statuses.contains(status));
  }
}
