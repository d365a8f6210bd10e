package io.beamline.worker.fault;

import io.beamline.worker.support.RouterStreams.Books;

/**
 * Finds out, by looking again and again, whether the server may still give an assignment to
 * somebody. A server that was killed may wait for ever for the acknowledgement of a message that it
 * was told, or that it does not hold any more: it gives nobody any of those. So what counts is what
 * it does: when no worker holds a lease, and it has delivered nothing for several times as long as
 * it waits for an acknowledgement, then nothing is left. Not thread-safe.
 */
final class Settling {

  private static final int LEASES = 4;

  private long deliveries = -1;
  private long sinceNanos;

  /**
   * Looks once more.
   *
   * @param books what the server says now
   * @param leasesHeld how many deliveries the workers keep from each other
   * @param nowNanos monotonic time
   */
  boolean isDone(Books books, long leasesHeld, long nowNanos) {
    if (books.undelivered() > 0 || leasesHeld > 0 || books.deliveries() != deliveries) {
      deliveries = books.deliveries();
      sinceNanos = nowNanos;
    }
    long enough = books.ackWait().multipliedBy(LEASES).toNanos();
    return books.undelivered() == 0
        && (books.unacknowledged() == 0 || nowNanos - sinceNanos > enough);
  }
}
