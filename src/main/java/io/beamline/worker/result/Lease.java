package io.beamline.worker.result;

import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * One delivery's claim on an assignment: until it is let go, the server gives it to nobody else.
 * Compared by identity.
 */
public final class Lease {

  private static final int SHORT_FORM = 9;
  private static final int LONG_FORM = 11;
  private static final int PLACE = 5;

  private final String replyTo;
  private final String streamIdentity;
  private final AtomicBoolean taken = new AtomicBoolean();
  private volatile long renewedNanos;
  private volatile boolean lapsed;

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

  /** True the first time only: a lease is held once, and so ends once. */
  boolean begin() {
    return taken.compareAndSet(false, true);
  }

  String replyTo() {
    return replyTo;
  }

  /** Names the message, the same in each of its deliveries; null when its place is not told. */
  @Nullable String original() {
    // $JS.ACK.stream.consumer.delivered.PLACE.… or $JS.ACK.domain.account.stream.consumer.…
    String[] words = replyTo.split("\\.", -1);
    if (words.length < SHORT_FORM) {
      return null;
    }
    int place = words.length < LONG_FORM ? PLACE : PLACE + LONG_FORM - SHORT_FORM;
    return streamIdentity + "." + words[place];
  }

  boolean belongsTo(String identity) {
    return streamIdentity.equals(identity);
  }

  long renewedNanos() {
    return renewedNanos;
  }

  /** Whether it was not renewed in time, even if it was renewed later. */
  boolean hasLapsed() {
    return lapsed;
  }

  /** It was not renewed in time: the server may have given the assignment to another worker. */
  void lapse() {
    lapsed = true;
  }

  void renewed(long nowNanos) {
    renewedNanos = nowNanos;
  }
}
