package io.beamline.worker.block;

import io.beamline.worker.contract.ErrorCode;
import io.beamline.worker.contract.StepError;
import java.util.Map;

/**
 * How large a result may be, so that a block need not read what could never be published (contract
 * section 4). The room that publishes results implements it. Thread-safe.
 */
@FunctionalInterface
public interface ResultLimit {

  /**
   * The most bytes that the server takes as one result, everything included. It changes with the
   * server's settings: a block reads it once per attempt.
   */
  long maxBytes();

  /**
   * Lets a result pass that the server takes.
   *
   * @param size the bytes of the result, or of the content that it would hold at least
   * @param maxBytes the most bytes that it may have
   * @throws StepFailure QUOTA_EXCEEDED, without a retry: another attempt would find as much
   */
  static void require(long size, long maxBytes) throws StepFailure {
    if (size > maxBytes) {
      throw StepFailure.withoutRetry(exceeded(size, maxBytes));
    }
  }

  /**
   * The error in the place of a result that the server would not take.
   *
   * @param size the bytes of the result, or of the content that it would hold at least
   * @param maxBytes the most bytes that it may have
   */
  static StepError exceeded(long size, long maxBytes) {
    return StepError.of(
        ErrorCode.QUOTA_EXCEEDED,
        "The result is larger than the server takes",
        Map.of("size", size, "max_size", maxBytes));
  }
}
