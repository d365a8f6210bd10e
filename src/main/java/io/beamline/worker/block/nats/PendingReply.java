package io.beamline.worker.block.nats;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A request without a reply yet. The attempt's thread waits for it, and whoever knows first how it
 * ends completes it. Thread-safe.
 */
final class PendingReply {

  private final String subject;
  private final CompletableFuture<ReplyOutcome> outcome = new CompletableFuture<>();

  PendingReply(String subject) {
    this.subject = subject;
  }

  /** Returns where the request went. */
  String subject() {
    return subject;
  }

  /** Ends the wait. Later calls have no effect. */
  void complete(ReplyOutcome how) {
    outcome.complete(how);
  }

  /**
   * Waits for the end.
   *
   * @param nanos the longest wait, in ns; none if it is zero or negative
   * @return null if the time was over first
   */
  @Nullable ReplyOutcome await(long nanos) throws InterruptedException {
    try {
      return outcome.get(nanos, TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      return null;
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }
}
