package io.beamline.worker.result;

import io.beamline.worker.config.HeapShare;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Limits the memory for answers to a share of the heap. */
final class AnswerMemory {

  private static final Logger log = LoggerFactory.getLogger(AnswerMemory.class);

  private AnswerMemory() {}

  /**
   * Returns the memory for answers in this process, in bytes. Logs when it is less than wanted.
   *
   * @param share the share of the heap that it may take
   * @param wanted the limit with a large heap, in bytes
   */
  static long ofThisProcess(HeapShare share, long wanted) {
    long bytes = Math.min(wanted, share.bytes());
    if (bytes < wanted) {
      log.atInfo()
          .addKeyValue("purpose", share.name().toLowerCase(Locale.ROOT).replace('_', ' '))
          .addKeyValue("bytes", bytes)
          .addKeyValue("wanted", wanted)
          .addKeyValue("heap", Runtime.getRuntime().maxMemory())
          .log("The heap is small; the worker keeps fewer answers than usual");
    }
    return bytes;
  }
}
