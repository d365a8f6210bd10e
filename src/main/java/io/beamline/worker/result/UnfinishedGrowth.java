package io.beamline.worker.result;

import java.util.function.IntSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says in the log when twice as many assignments are unfinished as when it last said so: without
 * queue management only {@code worker.nats.max-ack-pending} bounds them (contract section 1). Used
 * by one thread.
 */
final class UnfinishedGrowth implements Runnable {

  private static final Logger log = LoggerFactory.getLogger(UnfinishedGrowth.class);

  /** Fewer are nothing to speak of. */
  private static final long FIRST = 1_000;

  private final IntSupplier unfinished;
  private long next = FIRST;

  UnfinishedGrowth(IntSupplier unfinished) {
    this.unfinished = unfinished;
  }

  @Override
  public void run() {
    long now = unfinished.getAsInt();
    if (hasDoubled(now)) {
      log.atWarn().addKeyValue("unfinished", now).log("Unfinished assignments have doubled");
    }
  }

  /** Whether a doubling is reached that was not said yet; after a decline it is said anew. */
  boolean hasDoubled(long now) {
    boolean doubled = now >= next;
    while (now >= next) {
      next *= 2;
    }
    while (next > FIRST && now < next / 4) {
      next /= 2;
    }
    return doubled;
  }
}
