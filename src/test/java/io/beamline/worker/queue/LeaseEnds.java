package io.beamline.worker.queue;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.beamline.worker.result.Delivery;
import io.beamline.worker.result.Lease;
import io.beamline.worker.support.Assignments;
import io.beamline.worker.support.WorkerSlice;
import io.beamline.worker.timeout.TimeSource;
import io.nats.client.Connection;
import io.nats.client.Dispatcher;
import io.nats.client.Message;
import io.nats.client.Nats;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeoutException;

/**
 * Stands in for the server that gave leases, and counts how often a worker ends each: by an
 * acknowledgement or by handing it back. Thread-safe.
 */
final class LeaseEnds implements AutoCloseable {

  private static final String SUBJECT = "lease.";

  private final Connection connection;
  private final Map<String, Integer> acks = new ConcurrentHashMap<>();
  private final Map<String, Integer> handBacks = new ConcurrentHashMap<>();

  private LeaseEnds(Connection connection) {
    this.connection = connection;
    Dispatcher ends = connection.createDispatcher(this::received);
    ends.setPendingLimits(-1, -1);
    Dispatcher unused = ends.subscribe(SUBJECT + ">");
  }

  /** Listens to a server. */
  static LeaseEnds connect(String url) {
    try {
      LeaseEnds ends = new LeaseEnds(Nats.connect(url));
      ends.connection.flush(Duration.ofSeconds(10));
      return ends;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (TimeoutException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
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
    try {
      connection.close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
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
