package io.beamline.worker.result;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Limits the memory for answers to a quarter of the heap. */
final class AnswerMemory {

  private static final Logger log = LoggerFactory.getLogger(AnswerMemory.class);
  private static final int HEAP_SHARE = 4;

  private AnswerMemory() {}

  /**
   * Returns the memory for answers in this process, in bytes. Logs when it is less than wanted.
   *
   * @param purpose what the memory is for, as the log names it
   * @param wanted the limit with a large heap, in bytes
   */
  static long ofThisProcess(String purpose, long wanted) {
    long heap = Runtime.getRuntime().maxMemory();
    long bytes = bound(wanted, heap);
    if (bytes < wanted) {
      log.atInfo()
          .addKeyValue("purpose", purpose)
          .addKeyValue("bytes", bytes)
          .addKeyValue("wanted", wanted)
          .addKeyValue("heap", heap)
          .log("The heap is small; the worker keeps fewer answers than usual");
    }
    return bytes;
  }

  /** Returns the memory for answers in a heap of the given size, in bytes. */
  static long bound(long wanted, long maxHeap) {
    return Math.min(wanted, maxHeap / HEAP_SHARE);
  }
}
