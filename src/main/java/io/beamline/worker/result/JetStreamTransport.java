package io.beamline.worker.result;

import io.beamline.worker.connection.NatsSession;
import io.beamline.worker.timeout.TimeSource;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import org.springframework.scheduling.TaskScheduler;

/** Publishes to JetStream, which confirms that it stored the message. Thread-safe. */
final class JetStreamTransport implements Transport {

  private static final Duration LOOK_EACH = Duration.ofMillis(500);

  private final TimeSource time;
  private final Map<NatsSession, Confirmations> bySession = new ConcurrentHashMap<>();

  /**
   * A transport.
   *
   * @param timer looks for messages that the server says nothing of
   */
  JetStreamTransport(TaskScheduler timer, TimeSource time) {
    this.time = time;
    Future<?> unused = timer.scheduleWithFixedDelay(this::look, LOOK_EACH);
  }

  @Override
  public CompletableFuture<?> publish(NatsSession session, Outgoing message) {
    Confirmations known = bySession.get(session);
    return known == null ? begun(session).publish(message) : known.publish(message);
  }

  private Confirmations begun(NatsSession session) {
    return bySession.computeIfAbsent(session, fresh -> new Confirmations(fresh, time));
  }

  /** Sessions that are not known to be over; for tests. */
  int sessions() {
    return bySession.size();
  }

  /** What a session that is over did not confirm is sent again in the next. */
  private void look() {
    bySession.values().forEach(Confirmations::expire);
    bySession.keySet().removeIf(session -> !session.isOpen());
  }
}
