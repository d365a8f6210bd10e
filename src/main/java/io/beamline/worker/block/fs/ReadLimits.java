package io.beamline.worker.block.fs;

import io.beamline.worker.block.ResultLimit;
import io.beamline.worker.block.StepFailure;
import io.beamline.worker.contract.json.EncodedSize;

/**
 * The limits for reading a file, in bytes. Immutable.
 *
 * @param maxBytes the largest file that the settings allow
 * @param maxResultBytes the largest result that the NATS server accepts
 * @param maxMemoryBytes the most memory that one step may use
 */
record ReadLimits(long maxBytes, long maxResultBytes, long maxMemoryBytes) {

  /** A result is in memory three times: as text, as a part of its message, and as the message. */
  private static final int COPIES = 3;

  /**
   * Checks content of this size, or of at least this size.
   *
   * @param given the path as the job gave it
   * @throws StepFailure QUOTA_EXCEEDED if no result can hold content of this size
   */
  void require(long bytes, String given) throws StepFailure {
    if (bytes > maxBytes) {
      throw FileFailures.tooLarge(given, maxBytes);
    }
    ResultLimit.require(bytes, maxResultBytes);
    if (memoryFor(bytes) > maxMemoryBytes) {
      throw FileFailures.tooLargeForMemory(given, bytes, maxMemoryBytes);
    }
  }

  /** Returns the most memory that content of this size needs until its result is written. */
  long memoryFor(long bytes) {
    return bytes + COPIES * Math.min(EncodedSize.LONGEST_ESCAPE * bytes, maxResultBytes);
  }
}
