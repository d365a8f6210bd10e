package io.beamline.worker.intake;

import io.beamline.worker.result.Delivery;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Where the intake takes messages from, in one session. Used by one thread. */
interface MessageSource {

  /**
   * The next message, null when none came in time.
   *
   * @throws SourceFailedException when the source gives no more and must be opened anew
   */
  @Nullable Delivery next(Duration wait) throws InterruptedException, SourceFailedException;

  /** Whether the server gives again, to somebody, what was delivered and not answered. */
  boolean redelivers();

  /** Asks the server for no more; what was delivered before still comes. */
  void stop() throws InterruptedException;
}
