package io.beamline.worker.retry;

import io.beamline.worker.contract.ErrorCode;
import io.beamline.worker.contract.StepError;
import java.util.Set;

/**
 * Decides which failures are retryable (W3-1.3): those of the contract's table and those that the
 * settings add. Immutable.
 *
 * @param codes retryable codes in addition to the table
 * @param statuses retryable HTTP statuses in addition to 408, 429 and 5xx
 */
public record Retryability(Set<ErrorCode> codes, Set<Integer> statuses) {

  /** The codes that the settings may add (contract section 3). */
  public static final Set<ErrorCode> CONFIGURABLE =
      Set.of(ErrorCode.EXECUTION_FAILED, ErrorCode.QUOTA_EXCEEDED, ErrorCode.INTERNAL_ERROR);

  /** Returns whether the error is retryable: another attempt could succeed. */
  public boolean isRetryable(StepError error) {
    Integer status = error.httpStatus();
    return error.retryable()
        || codes.contains(error.code())
        || (error.code() == ErrorCode.HTTP_ERROR && status != null && statuses.contains(status));
  }
}
