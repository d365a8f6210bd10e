package io.beamline.worker.bench;

import io.beamline.worker.support.Subjects;
import io.nats.client.Connection;
import io.nats.client.Dispatcher;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * Assignments that come at a steady rate, faster than they can be done, and the results of a time
 * in the middle of it. Used once.
 */
final class Flow {

  private final int perSecond;
  private final int before;
  private final int counted;
  private final AtomicInteger results = new AtomicInteger();
  private long begun;
  private int atBegin;

  /**
   * A flow.
   *
   * @param before how long it flows before results are counted
   * @param counted how long they are counted
   */
  Flow(int perSecond, Duration before, Duration counted) {
    this.perSecond = perSecond;
    this.before = (int) (perSecond * before.toMillis() / 1_000);
    this.counted = (int) (perSecond * counted.toMillis() / 1_000);
  }

  /** How many assignments there are. */
  int count() {
    return before + counted;
  }

  /** Publishes them; gives the results a second. */
  double run(Connection connection, Supplier<byte[]> assignment) {
    Dispatcher listener = connection.createDispatcher(result -> results.incrementAndGet());
    listener.subscribe(Subjects.STANDARD.result());
    try {
      Pace.keep(count(), perSecond, i -> publish(connection, i, assignment.get()));
      return (results.get() - atBegin) * 1e9 / (System.nanoTime() - begun);
    } finally {
      connection.closeDispatcher(listener);
    }
  }

  private void publish(Connection connection, int number, byte[] body) {
    if (number == before) {
      begun = System.nanoTime();
      atBegin = results.get();
    }
    connection.publish(Subjects.STANDARD.assign(), body);
  }
}
