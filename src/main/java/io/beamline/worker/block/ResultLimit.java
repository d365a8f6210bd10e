package io.beamline.worker.block;

import io.beamline.worker.contract.ErrorCode;
import io.beamline.worker.contract.StepError;
import java.util.Map;

/**
 * The largest result that can be published. A block uses it to refuse content early that would
 * never fit (contract section 4). The {@code result} package implements it. Thread-safe.
 */
@FunctionalInterface
public interface ResultLimit {

  /**
   * Returns the largest result message that the NATS server accepts, in bytes. It follows the
   * server's settings, so a block reads it once per attempt.
   */
  long maxBytes();

  /**
   * Checks that the server accepts a result of this size.
   *
   * @param size the size of the result, or a lower bound of it, in bytes
   * @param maxBytes the largest size that is accepted
   * @throws StepFailure QUOTA_EXCEEDED without a retry, because the next result would be as large
   */
  static void require(long size, long maxBytes) throws StepFailure {
    if (size > maxBytes) {
      throw StepFailure.withoutRetry(exceeded(size, maxBytes));
    }
  }

  /**
   * Returns the error that replaces a result that is too large.
   *
   * @param size the size of the result, or a lower bound of it, in bytes
   * @param maxBytes the largest size that is accepted
   */
  static StepError exceeded(long size, long maxBytes) {
    return StepError.of(
        ErrorCode.QUOTA_EXCEEDED,
        "The result is larger than the server takes",
        Map.of("size", size, "max_size", maxBytes));
  }
}
