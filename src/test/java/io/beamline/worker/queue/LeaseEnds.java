package io.beamline.worker.queue;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.beamline.worker.result.Delivery;
import io.beamline.worker.result.Lease;
import io.beamline.worker.support.Assignments;
import io.beamline.worker.support.NatsListener;
import io.beamline.worker.support.NatsServer;
import io.beamline.worker.support.WorkerSlice;
import io.beamline.worker.timeout.TimeSource;
import io.nats.client.Message;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Stands in for the server that gave leases, and counts how often a worker ends each: by an
 * acknowledgement or by handing it back. Thread-safe.
 */
final class LeaseEnds implements AutoCloseable {

  private static final String SUBJECT = "lease.";

  private final NatsListener listener;
  private final Map<String, Integer> acks = new ConcurrentHashMap<>();
  private final Map<String, Integer> handBacks = new ConcurrentHashMap<>();

  /** Listens to a server. */
  LeaseEnds(NatsServer nats) {
    listener = NatsListener.on(nats, SUBJECT + ">", this::received);
  }

  /** A delivery of an assignment, with a lease; the first has the count 1. */
  static Delivery delivery(Assignments assignment, WorkerSlice worker, long count) {
    Lease lease =
        new Lease(
            SUBJECT + assignment.id(),
            Objects.requireNonNull(worker.session()).streamIdentity(),
            worker.bean(TimeSource.class).nanos(),
            0);
    return new Delivery("caf.exec.assign.v1", assignment.bytes(), null, lease, count);
  }

  /** How often the lease of an assignment was acknowledged. */
  int acks(String assignmentId) {
    return acks.getOrDefault(assignmentId, 0);
  }

  /** How often the lease of an assignment was ended in any way. */
  int ends(String assignmentId) {
    return acks(assignmentId) + handBacks.getOrDefault(assignmentId, 0);
  }

  @Override
  public void close() {
    listener.close();
  }

  private void received(Message message) {
    String id = message.getSubject().substring(SUBJECT.length());
    switch (new String(message.getData(), US_ASCII)) {
      case "+ACK" -> acks.merge(id, 1, Integer::sum);
      case "-NAK" -> handBacks.merge(id, 1, Integer::sum);
      default -> {}
    }
  }
}
