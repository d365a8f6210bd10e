package io.beamline.worker.result;

import io.beamline.worker.connection.NatsSession;
import io.beamline.worker.connection.SessionListener;
import io.beamline.worker.observability.logging.LogThrottle;
import io.beamline.worker.timeout.TimeSource;
import io.nats.client.impl.AckType;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Renews leases while the worker holds them, and ends each with an acknowledgement or by handing
 * the assignment back (contract section 6). A message that cannot be sent now is sent soon, or in
 * the next session. If the stream was replaced meanwhile, such messages are discarded, because
 * their sequence numbers mean other assignments in the new stream. Safe for several threads.
 */
public final class Leases implements SessionListener {

  private static final Logger log = LoggerFactory.getLogger(Leases.class);
  private static final byte[] NAK_FOR_LATER =
      AckType.AckNak.bodyBytes(Duration.ofSeconds(30).toNanos());

  private final TimeSource time;
  private final LogThrottle throttle;
  private final Set<Lease> held = ConcurrentHashMap.newKeySet();
  private final AtomicLong heldBytes = new AtomicLong();
  private final Map<Lease, byte[]> unsent = new ConcurrentHashMap<>();
  private volatile @Nullable NatsSession session;
  private volatile long lastCheckNanos;

  Leases(TimeSource time, LogThrottle throttle) {
    this.time = time;
    this.throttle = throttle;
    this.lastCheckNanos = time.nanos();
  }

  /**
   * Calls {@link #renewDue} if {@link #checkInterval} has passed since the last call. Called by one
   * thread, much more often than that interval.
   */
  void renewOnTime() {
    long now = time.nanos();
    if (now - lastCheckNanos >= checkInterval().toNanos()) {
      lastCheckNanos = now;
      renewDue();
    }
  }

  /** Holds a lease: it is renewed from now on. Does nothing if it was held before. */
  void hold(Lease lease) {
    if (lease.claim()) {
      held.add(lease);
      heldBytes.addAndGet(lease.heldBytes());
    }
  }

  /** Ends a lease with the acknowledgement of its assignment. */
  void acknowledge(Lease lease) {
    end(lease, AckType.AckAck.bytes);
  }

  /** Ends leases with the acknowledgement of their assignment. */
  void acknowledge(List<Lease> leases) {
    for (int i = 0; i < leases.size(); i++) {
      acknowledge(leases.get(i));
    }
  }

  /** Ends a lease, so that the server delivers the assignment again at once. */
  void handBack(Lease lease) {
    end(lease, AckType.AckNak.bytes);
  }

  /** Ends leases, so that the server delivers the assignment again after half a minute. */
  void handBackForLater(List<Lease> leases) {
    for (int i = 0; i < leases.size(); i++) {
      end(leases.get(i), NAK_FOR_LATER);
    }
  }

  /** Hands back leases. Allocates no iterator, because memory may be short. */
  void handBack(List<Lease> leases) {
    for (int i = 0; i < leases.size(); i++) {
      handBack(leases.get(i));
    }
  }

  /** Runs work. If it throws, hands back the leases and throws the same. */
  void orHandBack(List<Lease> leases, Runnable work) {
    try {
      work.run();
    } catch (RuntimeException | Error e) {
      handBack(leases);
      throw e;
    }
  }

  /** Stops renewing leases without a message to the server. */
  void forget(List<Lease> leases) {
    for (int i = 0; i < leases.size(); i++) {
      release(leases.get(i));
    }
  }

  /**
   * Renews each lease that was not renewed for {@code ack_wait} ÷ 6, and sends the messages that
   * could not be sent before. Does nothing without a session.
   */
  void renewDue() {
    NatsSession current = session;
    if (current == null) {
      return;
    }
    unsent.keySet().forEach(this::sendUnsent);
    renewHeld(current);
  }

  private void renewHeld(NatsSession current) {
    long now = time.nanos();
    long due = current.ackWait().dividedBy(6).toNanos();
    for (Lease lease : held) {
      if (isOverdue(lease, current, now)) {
        lease.lapse();
      }
      if (now - lease.renewedNanos() >= due
          && lease.belongsTo(current.streamIdentity())
          && send(current, lease, AckType.AckProgress.bytes)) {
        lease.renewed(now);
      }
    }
  }

  /**
   * Returns whether a lease was not renewed in time, so that the server may have given the
   * assignment to another worker. Without a session only an earlier lapse counts. A lease of a
   * stream that was replaced does not lapse, because nobody else gets its messages.
   */
  boolean hasLapsed(Lease lease, long nowNanos) {
    NatsSession current = session;
    return lease.hasLapsed() || (current != null && isOverdue(lease, current, nowNanos));
  }

  private static boolean isOverdue(Lease lease, NatsSession session, long nowNanos) {
    long ackWait = session.ackWait().toNanos();
    return ackWait > 0
        && nowNanos - lease.renewedNanos() >= ackWait
        && lease.belongsTo(session.streamIdentity());
  }

  /**
   * Returns the time from one check of the leases to the next: {@code ack_wait} ÷ 12, or 1 s while
   * {@code ack_wait} is not known.
   */
  Duration checkInterval() {
    NatsSession current = session;
    return current == null || current.ackWait().isZero()
        ? Duration.ofSeconds(1)
        : current.ackWait().dividedBy(12);
  }

  /** Returns an estimate of the memory of all assignments whose leases are held, in bytes. */
  public long heldBytes() {
    return heldBytes.get();
  }

  /** Returns the number of leases that are renewed. */
  int held() {
    return held.size();
  }

  @Override
  public void opened(NatsSession opened) {
    session = opened;
    renewDue();
  }

  @Override
  public void closed() {
    session = null;
  }

  /** Stops renewing a lease. Returns true only for the caller that was the first to release it. */
  private boolean release(Lease lease) {
    boolean removed = held.remove(lease);
    if (removed) {
      heldBytes.addAndGet(-lease.heldBytes());
    }
    return removed;
  }

  /**
   * Ends a lease with a message to the server. Does nothing if the lease is not held. Never throws:
   * if the message cannot be sent, the lease is not renewed any more either.
   */
  private void end(Lease lease, byte[] how) {
    if (!release(lease)) {
      return;
    }
    try {
      sendLast(lease, how);
    } catch (RuntimeException | Error e) {
      // For lack of memory nothing is sent. The server redelivers the assignment after ack_wait.
    }
  }

  /** Sends a message of an ended lease that could not be sent before. */
  private void sendUnsent(Lease lease) {
    // Several threads may come here. Only the one that removes the message sends it.
    byte[] how = unsent.remove(lease);
    if (how != null) {
      sendLast(lease, how);
    }
  }

  /** Sends the last message of a lease. Without a session, or if that fails, keeps it for later. */
  private void sendLast(Lease lease, byte[] how) {
    NatsSession current = session;
    if (current != null && !lease.belongsTo(current.streamIdentity())) {
      logDiscarded(current);
    } else if (current == null || !send(current, lease, how)) {
      unsent.put(lease, how);
    }
  }

  private void logDiscarded(NatsSession current) {
    throttle.log(
        log.atWarn().addKeyValue("stream", current.stream()),
        "The assignment stream is a new one; acknowledgements for the old one are discarded");
  }

  private boolean send(NatsSession session, Lease lease, byte[] what) {
    try {
      session.publish(lease.replyTo(), null, null, what);
      return true;
    } catch (IllegalStateException e) {
      return false;
    } catch (RuntimeException | Error e) {
      report(lease, e);
      return false;
    }
  }

  private void report(Lease lease, Throwable defect) {
    try {
      throttle.log(
          log.atError().addKeyValue("reply_to", lease.replyTo()).setCause(defect),
          "A lease could not be renewed or ended; the worker tries again");
    } catch (RuntimeException | Error e) {
      // For lack of memory even a log line may fail, which must not stop the renewal of others.
    }
  }
}
