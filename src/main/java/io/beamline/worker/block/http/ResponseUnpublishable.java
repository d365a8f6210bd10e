package io.beamline.worker.block.http;

import io.beamline.worker.block.ResultLimit;
import io.beamline.worker.block.StepFailure;

/** A response's body is larger than any result that the server takes. It has no stack trace. */
final class ResponseUnpublishable extends RuntimeException {

  private final long size;
  private final long maxBytes;

  /**
   * @param size the bytes of the body, as far as they are known
   * @param maxBytes the largest result
   */
  ResponseUnpublishable(long size, long maxBytes) {
    super("The response cannot be published", null, false, false);
    this.size = size;
    this.maxBytes = maxBytes;
  }

  /** The step's failure. The request is not sent again: its response would be as large. */
  StepFailure failure() {
    return StepFailure.withoutRetry(ResultLimit.exceeded(size, maxBytes));
  }
}
