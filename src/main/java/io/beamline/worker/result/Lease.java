package io.beamline.worker.result;

/**
 * One delivery's claim on an assignment: until it is let go, the server gives it to nobody else.
 * Compared by identity.
 */
public final class Lease {

  private final String replyTo;
  private final String streamIdentity;
  private volatile long renewedNanos;

  /**
   * A lease that begins now.
   *
   * @param replyTo where the server hears about it
   * @param streamIdentity the stream it belongs to
   * @param nowNanos monotonic time
   */
  public Lease(String replyTo, String streamIdentity, long nowNanos) {
    this.replyTo = replyTo;
    this.streamIdentity = streamIdentity;
    this.renewedNanos = nowNanos;
  }

  String replyTo() {
    return replyTo;
  }

  boolean belongsTo(String identity) {
    return streamIdentity.equals(identity);
  }

  long renewedNanos() {
    return renewedNanos;
  }

  void renewed(long nowNanos) {
    renewedNanos = nowNanos;
  }
}
