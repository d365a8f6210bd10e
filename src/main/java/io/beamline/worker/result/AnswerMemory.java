package io.beamline.worker.result;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The memory that answers may take, never more than a quarter of the heap. Pure. */
final class AnswerMemory {

  private static final Logger log = LoggerFactory.getLogger(AnswerMemory.class);
  private static final int HEAP_SHARE = 4;

  private AnswerMemory() {}

  /**
   * What of the wanted memory this process has; says so when that is less.
   *
   * @param purpose what it is for
   * @param wanted bytes
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
          .log("The heap is small: fewer answers than usual are kept");
    }
    return bytes;
  }

  /** The memory for answers in a heap of this size, in bytes. */
  static long bound(long wanted, long maxHeap) {
    return Math.min(wanted, maxHeap / HEAP_SHARE);
  }
}
