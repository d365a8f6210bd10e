package io.beamline.worker.block.fs;

import io.beamline.worker.block.ResultLimit;
import io.beamline.worker.block.StepFailure;
import io.beamline.worker.contract.EncodedSize;

/**
 * How much of a file is read. Immutable.
 *
 * @param maxBytes the largest file, as it is configured
 * @param maxResultBytes the largest result that the server takes
 * @param maxMemoryBytes the most memory that one step may take
 */
record ReadLimits(long maxBytes, long maxResultBytes, long maxMemoryBytes) {

  /** A result is in memory as text, as a part of its message, and as the message. */
  private static final int COPIES = 3;

  /**
   * Lets content of this size pass, or content that is at least so large.
   *
   * @param given the path as the job gave it
   * @throws StepFailure QUOTA_EXCEEDED when it can be no step's result, whatever it consists of
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

  /** The memory that content of this size takes at most, until its result is written. */
  long memoryFor(long bytes) {
    return bytes + COPIES * Math.min(EncodedSize.LONGEST_ESCAPE * bytes, maxResultBytes);
  }
}
