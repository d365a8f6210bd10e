package io.beamline.worker.result;

import io.beamline.worker.connection.NatsSession;
import io.beamline.worker.timeout.TimeSource;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import org.springframework.scheduling.TaskScheduler;

/** Publishes to JetStream, which confirms each stored message. Safe for several threads. */
final class JetStreamTransport implements Transport {

  private static final Duration EXPIRY_INTERVAL = Duration.ofSeconds(1);

  private final TimeSource time;
  private final Map<NatsSession, Confirmations> bySession = new ConcurrentHashMap<>();

  /**
   * Creates a transport.
   *
   * @param timer runs the check for messages without a confirmation
   */
  JetStreamTransport(TaskScheduler timer, TimeSource time) {
    this.time = time;
    Future<?> unused = timer.scheduleWithFixedDelay(this::expireUnconfirmed, EXPIRY_INTERVAL);
  }

  @Override
  public CompletableFuture<?> publish(NatsSession session, OutgoingMessage message) {
    Confirmations known = bySession.get(session);
    return known == null ? confirmationsOf(session).publish(message) : known.publish(message);
  }

  private Confirmations confirmationsOf(NatsSession session) {
    return bySession.computeIfAbsent(session, fresh -> new Confirmations(fresh, time));
  }

  /** Returns the number of sessions that are open or not yet removed; for tests. */
  int sessions() {
    return bySession.size();
  }

  /**
   * Fails messages that were not confirmed in time, and removes sessions that are over. The outbox
   * sends their unconfirmed messages again in the next session.
   */
  private void expireUnconfirmed() {
    bySession.values().forEach(Confirmations::expire);
    bySession.keySet().removeIf(session -> !session.isOpen());
  }
}
