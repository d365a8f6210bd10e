package io.beamline.worker.cancellation;

import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Delivers the messages of the {@code cancel} subject during one session. Used by one thread. */
interface RequestSource {

  /**
   * Returns the next message, or null if none came in time.
   *
   * @param wait how long to wait, positive
   * @throws IOException if the source delivers no more and must be opened anew
   */
  @Nullable StoredMessage next(Duration wait) throws IOException, InterruptedException;

  /** Returns whether all messages have been delivered that were there when it was opened. */
  boolean hasCaughtUp();

  /** Ends the delivery. Never throws. */
  void close();

  /**
   * A message.
   *
   * @param body its payload
   * @param storedMillis when the server stored it, in ms since the epoch
   */
  record StoredMessage(byte[] body, long storedMillis) {}
}
