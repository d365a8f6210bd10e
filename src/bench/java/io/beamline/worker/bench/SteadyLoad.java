package io.beamline.worker.bench;

import io.beamline.worker.support.Assignments;
import io.beamline.worker.support.Subjects;
import io.nats.client.Connection;
import io.nats.client.Dispatcher;
import io.nats.client.Message;
import io.nats.client.impl.Headers;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Publishes assignments at a steady rate and takes the time until each has its result, both in this
 * process. Used once.
 */
final class SteadyLoad {

  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  /** Both sides copy it from the assignment to the result. */
  private static final String NUMBER = "traceparent";

  private final long[] begun;
  private final long[] taken;
  private final CountDownLatch left;

  SteadyLoad(int count) {
    begun = new long[count];
    taken = new long[count];
    left = new CountDownLatch(count);
  }

  /** Publishes all of them. */
  Latencies run(Connection connection, int perSecond) {
    byte[][] bodies = new byte[begun.length][];
    for (int i = 0; i < bodies.length; i++) {
      bodies[i] = Assignments.echo().bytes();
    }
    Dispatcher results = connection.createDispatcher();
    results.subscribe(Subjects.STANDARD.result(), this::received);
    try {
      Pace.keep(bodies.length, perSecond, i -> publish(connection, i, bodies[i]));
      awaitAll();
    } finally {
      connection.closeDispatcher(results);
    }
    return Latencies.of(taken);
  }

  private void publish(Connection connection, int number, byte[] body) {
    begun[number] = System.nanoTime();
    connection.publish(Subjects.STANDARD.assign(), new Headers().add(NUMBER, "" + number), body);
  }

  /** What was published happened before: the server stands in between. */
  private void received(Message result) {
    long now = System.nanoTime();
    Headers headers = result.getHeaders();
    String number = headers == null ? null : headers.getFirst(NUMBER);
    count(number, now);
  }

  private void count(@Nullable String number, long now) {
    if (number != null) {
      int i = Integer.parseInt(number);
      taken[i] = now - begun[i];
      left.countDown();
    }
  }

  private void awaitAll() {
    try {
      if (!left.await(TIMEOUT.toSeconds(), TimeUnit.SECONDS)) {
        throw new IllegalStateException(left.getCount() + " results are missing");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
