package io.beamline.worker.result;

import io.beamline.worker.connection.AckSubject;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * The worker's claim on a delivery. While it is renewed in time, the server does not deliver the
 * assignment to another worker. Compared by identity. Safe for several threads: its fields are
 * volatile or atomic.
 */
public final class Lease {

  private final String replyTo;
  private final String streamIdentity;
  private final long heldBytes;
  private final AtomicBoolean claimed = new AtomicBoolean();
  private volatile long renewedNanos;
  private volatile boolean lapsed;

  /**
   * Creates a lease.
   *
   * @param replyTo the subject for renewals and acknowledgements
   * @param streamIdentity the identity of the stream that holds the assignment
   * @param nowNanos the present monotonic time, in ns, from which the lease runs
   * @param heldBytes an estimate of the memory that the assignment takes while the lease is held
   */
  public Lease(String replyTo, String streamIdentity, long nowNanos, long heldBytes) {
    this.replyTo = replyTo;
    this.streamIdentity = streamIdentity;
    this.renewedNanos = nowNanos;
    this.heldBytes = heldBytes;
  }

  /** Returns true at the first call only, so that a lease is held once and ends once. */
  boolean claim() {
    return claimed.compareAndSet(false, true);
  }

  long heldBytes() {
    return heldBytes;
  }

  String replyTo() {
    return replyTo;
  }

  /**
   * Returns a key that is the same for each delivery of a message: the stream and the sequence
   * number. Null if the reply subject has no sequence number.
   */
  public @Nullable String messageKey() {
    String sequence = new AckSubject(replyTo).sequence();
    return sequence == null ? null : streamIdentity + "." + sequence;
  }

  boolean belongsTo(String identity) {
    return streamIdentity.equals(identity);
  }

  long renewedNanos() {
    return renewedNanos;
  }

  /** Returns whether it was once not renewed in time, even if it was renewed later. */
  boolean hasLapsed() {
    return lapsed;
  }

  /** Records that it was not renewed in time, so another worker may have the assignment. */
  void lapse() {
    lapsed = true;
  }

  void renewed(long nowNanos) {
    renewedNanos = nowNanos;
  }
}
