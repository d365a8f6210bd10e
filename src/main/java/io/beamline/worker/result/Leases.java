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
 * Renews leases while the worker holds them, and ends each with an acknowledgement or by handing it
 * back (contract section 6). What cannot be sent now is sent again soon, or in the next session. If
 * the stream was replaced meanwhile, it is discarded, because the sequence numbers would mean other
 * messages. Safe for several threads.
 */
public final class Leases implements SessionListener {

  private static final Logger log = LoggerFactory.getLogger(Leases.class);

  private final TimeSource time;
  private final LogThrottle throttle;
  private final Set<Lease> held = ConcurrentHashMap.newKeySet();
  private final AtomicLong heldBytes = new AtomicLong();
  private final Map<Lease, AckType> unsent = new ConcurrentHashMap<>();
  private volatile @Nullable NatsSession session;
  private volatile long lastRenewalNanos;

  Leases(TimeSource time, LogThrottle throttle) {
    this.time = time;
    this.throttle = throttle;
    this.lastRenewalNanos = time.nanos();
  }

  /**
   * Calls {@link #renewDue} if {@link #renewalInterval} has passed since the last call. Called by
   * one thread, much more often than that interval.
   */
  void renewOnTime() {
    long now = time.nanos();
    if (now - lastRenewalNanos >= renewalInterval().toNanos()) {
      lastRenewalNanos = now;
      renewDue();
    }
  }

  /** Starts to renew a lease, unless it was held before. */
  void hold(Lease lease) {
    if (lease.claim()) {
      held.add(lease);
      heldBytes.addAndGet(lease.heldBytes());
    }
  }

  /** Ends a lease, because the assignment is done. */
  void acknowledge(Lease lease) {
    end(lease, AckType.AckAck);
  }

  /** Ends leases, because the assignment is done. */
  void acknowledge(List<Lease> leases) {
    for (int i = 0; i < leases.size(); i++) {
      acknowledge(leases.get(i));
    }
  }

  /** Ends a lease, so that the server delivers the assignment again at once. */
  void handBack(Lease lease) {
    end(lease, AckType.AckNak);
  }

  /** Hands back leases. Allocates no iterator, because memory may be short. */
  void handBack(List<Lease> leases) {
    for (int i = 0; i < leases.size(); i++) {
      handBack(leases.get(i));
    }
  }

  /** Runs work; if it throws, hands back the leases and throws the same. */
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
   * Renews each lease that is due, and sends what could not be sent before. Call it at least once
   * in each sixth of {@code ack_wait}.
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
          && send(current, lease, AckType.AckProgress)) {
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

  /** Returns the time between two calls of {@link #renewDue}. */
  Duration renewalInterval() {
    NatsSession current = session;
    return current == null || current.ackWait().isZero()
        ? Duration.ofSeconds(1)
        : current.ackWait().dividedBy(12);
  }

  /**
   * Returns an estimate of the memory, in bytes, that the assignments whose leases are held take
   * together.
   */
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

  /** Returns true for the one caller that removes it. */
  private boolean release(Lease lease) {
    boolean removed = held.remove(lease);
    if (removed) {
      heldBytes.addAndGet(-lease.heldBytes());
    }
    return removed;
  }

  /** Never throws: the lease is not renewed any more, even if sending fails. */
  private void end(Lease lease, AckType how) {
    if (!release(lease)) {
      return;
    }
    try {
      unsent.put(lease, how);
      sendUnsent(lease);
    } catch (RuntimeException | Error e) {
      // Without memory nothing is sent: the server delivers the assignment again after ack_wait.
    }
  }

  private void sendUnsent(Lease lease) {
    NatsSession current = session;
    if (current == null) {
      return;
    }
    // Removed first: only the thread that removed it sends it.
    AckType how = unsent.remove(lease);
    if (how == null) {
      return;
    }
    if (!lease.belongsTo(current.streamIdentity())) {
      logDiscarded(current);
    } else if (!send(current, lease, how)) {
      unsent.put(lease, how);
    }
  }

  private void logDiscarded(NatsSession current) {
    throttle.log(
        log.atWarn().addKeyValue("stream", current.stream()),
        "The assignment stream is a new one; acknowledgements for the old one are discarded");
  }

  private boolean send(NatsSession session, Lease lease, AckType what) {
    try {
      session.publish(lease.replyTo(), null, null, what.bytes);
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
      // Without memory even logging may fail, which must not stop the renewal of other leases.
    }
  }
}
