package io.beamline.worker.fault;

import io.beamline.worker.support.NatsListener;
import io.beamline.worker.support.NatsServer;
import io.beamline.worker.support.Subjects;
import io.beamline.worker.support.WireMessage;
import io.nats.client.Message;
import java.util.Collection;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * Notes when assignments were accepted and by whom, and when their first results came. Times are
 * those of {@link System#nanoTime}. Thread-safe.
 */
final class CancelClock implements AutoCloseable {

  private static final String MESSAGE_ID = "Nats-Msg-Id";

  private final Map<String, Accepted> accepted = new ConcurrentHashMap<>();
  private final Map<String, Long> ended = new ConcurrentHashMap<>();
  private final Collection<Struck> strikes = new ConcurrentLinkedQueue<>();
  private final NatsListener acks;
  private final NatsListener results;

  CancelClock(NatsServer nats) {
    acks = NatsListener.on(nats, Subjects.STANDARD.ack(), this::acked);
    results = NatsListener.on(nats, Subjects.STANDARD.result(), this::ended);
  }

  /** A worker is killed, or told to end, now. */
  void struck(String workerId) {
    strikes.add(new Struck(workerId, System.nanoTime()));
  }

  /** When the first result of an assignment came, null if none has. */
  @Nullable Long endedNanos(String assignmentId) {
    return ended.get(assignmentId);
  }

  /**
   * The time in ns from the publication of a request until the result, as seen from outside, if the
   * step was then with a worker that nobody touched until the end; otherwise -1.
   */
  long outsideNanos(String assignmentId, long askedNanos) {
    Accepted last = accepted.get(assignmentId);
    Long end = ended.get(assignmentId);
    if (last == null || end == null || last.nanos > askedNanos || end < askedNanos) {
      return -1;
    }
    boolean untouched =
        strikes.stream()
            .noneMatch(
                strike ->
                    strike.workerId.equals(last.workerId)
                        && strike.nanos >= last.nanos
                        && strike.nanos <= end);
    return untouched ? end - askedNanos : -1;
  }

  @Override
  public void close() {
    acks.close();
    results.close();
  }

  private void acked(Message message) {
    long now = System.nanoTime();
    String worker = WireMessage.of(message).json().at("/metadata/worker_id").stringValue("");
    accepted.put(idOf(message, ".ack"), new Accepted(worker, now));
  }

  private void ended(Message message) {
    ended.putIfAbsent(idOf(message, ".result"), System.nanoTime());
  }

  private static String idOf(Message message, String suffix) {
    String id = Objects.requireNonNull(message.getHeaders().getFirst(MESSAGE_ID));
    return id.substring(0, id.length() - suffix.length());
  }

  private record Accepted(String workerId, long nanos) {}

  private record Struck(String workerId, long nanos) {}
}
