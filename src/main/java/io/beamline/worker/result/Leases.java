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
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the server what becomes of its deliveries: renewed while the worker holds them, and in the
 * end acknowledged or handed back (contract section 6). What cannot be told now is told soon, or in
 * the next session, unless the stream is another one by then: its sequence numbers would mean other
 * messages. Thread-safe.
 */
public final class Leases implements SessionListener {

  private static final Logger log = LoggerFactory.getLogger(Leases.class);

  private final TimeSource time;
  private final LogThrottle throttle;
  private final Set<Lease> held = ConcurrentHashMap.newKeySet();
  private final Map<Lease, AckType> untold = new ConcurrentHashMap<>();
  private volatile @Nullable NatsSession session;
  private volatile long lookedNanos;

  Leases(TimeSource time, LogThrottle throttle) {
    this.time = time;
    this.throttle = throttle;
    this.lookedNanos = time.nanos();
  }

  /** Calls {@link #renewDue} when it is time for it; to be called much more often than that. */
  void renewOnTime() {
    long now = time.nanos();
    if (now - lookedNanos >= renewalInterval().toNanos()) {
      lookedNanos = now;
      renewDue();
    }
  }

  /** Holds a lease from now on, unless it was held before. */
  void hold(Lease lease) {
    if (lease.begin()) {
      held.add(lease);
    }
  }

  /** Lets go of a lease: the assignment is done. */
  void acknowledge(Lease lease) {
    end(lease, AckType.AckAck);
  }

  /** Lets go of leases: the assignment is done. */
  void acknowledge(List<Lease> leases) {
    for (int i = 0; i < leases.size(); i++) {
      acknowledge(leases.get(i));
    }
  }

  /** Lets go of a lease: another worker may have the assignment at once. */
  void handBack(Lease lease) {
    end(lease, AckType.AckNak);
  }

  /** Lets go of leases for another worker; without an iterator, because memory may be short. */
  void handBack(List<Lease> leases) {
    for (int i = 0; i < leases.size(); i++) {
      handBack(leases.get(i));
    }
  }

  /** Does some work for leases; where it fails, they are handed back. */
  void orHandBack(List<Lease> leases, Runnable work) {
    try {
      work.run();
    } catch (RuntimeException | Error e) {
      handBack(leases);
      throw e;
    }
  }

  /** Stops to hold leases and sends the server nothing. */
  void letGo(List<Lease> leases) {
    for (int i = 0; i < leases.size(); i++) {
      held.remove(leases.get(i));
    }
  }

  /**
   * Renews each lease that is due, and tells what could not be told yet; to be called at least
   * every sixth of the lease.
   */
  void renewDue() {
    NatsSession current = session;
    if (current == null) {
      return;
    }
    untold.keySet().forEach(this::tellAgain);
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
          && tell(current, lease, AckType.AckProgress)) {
        lease.renewed(now);
      }
    }
  }

  /**
   * Whether a lease was not renewed within its time, so that the server may have given the
   * assignment to another worker. While there is no session nobody can tell, and what a stream
   * delivered that is no more is delivered to nobody else.
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

  /** How often {@link #renewDue} is to be called. */
  Duration renewalInterval() {
    NatsSession current = session;
    return current == null || current.ackWait().isZero()
        ? Duration.ofSeconds(1)
        : current.ackWait().dividedBy(12);
  }

  /** How many are held. */
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

  /** Never throws: a lease that is not held any more is not renewed, whatever else fails. */
  private void end(Lease lease, AckType how) {
    if (!held.remove(lease)) {
      return;
    }
    try {
      untold.put(lease, how);
      tellAgain(lease);
    } catch (RuntimeException | Error e) {
      // Without memory the server is not told: it delivers the assignment again after the lease.
    }
  }

  private void tellAgain(Lease lease) {
    NatsSession current = session;
    if (current == null) {
      return;
    }
    // Taken out first: who has it tells it, and nobody else at the same time.
    AckType how = untold.remove(lease);
    if (how == null) {
      return;
    }
    if (!lease.belongsTo(current.streamIdentity())) {
      discarded(current);
    } else if (!tell(current, lease, how)) {
      untold.put(lease, how);
    }
  }

  private void discarded(NatsSession current) {
    throttle.log(
        log.atWarn().addKeyValue("stream", current.stream()),
        "The assignment stream is a new one; acknowledgements for the old one are discarded");
  }

  private boolean tell(NatsSession session, Lease lease, AckType what) {
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
      // Without memory even the report may fail, which must not keep other leases from renewal.
    }
  }
}
