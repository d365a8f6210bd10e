package io.beamline.worker.result;

import java.util.function.IntSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs when the number of unfinished assignments has doubled since the last such message. With
 * queue management off, only {@code worker.nats.max-ack-pending} and the memory limit that number
 * (contract section 1). Used by one thread.
 */
final class UnfinishedGrowth implements Runnable {

  private static final Logger log = LoggerFactory.getLogger(UnfinishedGrowth.class);

  /** The first number that is logged. */
  private static final long FIRST_LOGGED = 1_000;

  private final IntSupplier unfinished;
  private long next = FIRST_LOGGED;

  UnfinishedGrowth(IntSupplier unfinished) {
    this.unfinished = unfinished;
  }

  @Override
  public void run() {
    long now = unfinished.getAsInt();
    if (record(now)) {
      log.atWarn().addKeyValue("unfinished", now).log("Unfinished assignments have doubled");
    }
  }

  /**
   * Records the present number. Returns whether it has reached the next number to log: 1 000 at
   * first, then the double of the last one. The next number is lowered again when the present one
   * falls below a quarter of it.
   */
  boolean record(long now) {
    boolean doubled = now >= next;
    while (now >= next) {
      next *= 2;
    }
    while (next > FIRST_LOGGED && now < next / 4) {
      next /= 2;
    }
    return doubled;
  }
}
