package io.beamline.worker.intake;

import io.beamline.worker.result.Delivery;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Delivers messages to the intake during one session. Used by one thread. */
interface MessageSource {

  /**
   * Returns the next message, or null if none came in time.
   *
   * @throws SourceFailedException if the source delivers no more and must be opened anew
   */
  @Nullable Delivery next(Duration wait) throws InterruptedException, SourceFailedException;

  /**
   * Returns whether more was requested than may be requested now. Then the source should be stopped
   * and opened anew, so that the server does not deliver it.
   */
  default boolean hasRequestedTooMuch() {
    return false;
  }

  /** Returns whether the server redelivers messages that were delivered and not acknowledged. */
  boolean redelivers();

  /** Requests no more. {@link #next} still returns what was delivered before. */
  void stop() throws InterruptedException;
}
