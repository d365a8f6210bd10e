package io.beamline.worker.block.http;

import io.beamline.worker.block.ResultLimit;
import io.beamline.worker.block.StepFailure;

/**
 * Thrown when a body is larger than any result that the NATS server accepts. It has no stack trace.
 */
final class ResponseUnpublishableException extends RuntimeException {

  private final long size;
  private final long maxBytes;

  /**
   * @param size the size of the body so far, or its announced size, in bytes
   * @param maxBytes the largest result, in bytes
   */
  ResponseUnpublishableException(long size, long maxBytes) {
    super("The response cannot be published", null, false, false);
    this.size = size;
    this.maxBytes = maxBytes;
  }

  /** Returns the failure of the step, without a retry: the next response would be as large. */
  StepFailure failure() {
    return StepFailure.withoutRetry(ResultLimit.exceeded(size, maxBytes));
  }
}
