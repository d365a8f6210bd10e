package io.beamline.worker.bench;

import io.beamline.worker.support.Assignments;
import io.beamline.worker.support.Subjects;
import io.nats.client.Connection;
import io.nats.client.Dispatcher;
import io.nats.client.Message;
import io.nats.client.impl.Headers;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.IntConsumer;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Assignments that come at a steady rate, whatever becomes of them, and what did. Several may go on
 * beside each other when their names differ. Used once.
 */
final class Load {

  private static final Duration TIMEOUT = Duration.ofSeconds(60);

  /** The worker copies it from the assignment to the ack and the result. */
  private static final String NUMBER = "traceparent";

  private final String mark;
  private final int perSecond;
  private final Supplier<Assignments> step;
  private final int count;
  private final AtomicLongArray begun;
  private final AtomicLongArray taken;
  private final AtomicIntegerArray acks;
  private final AtomicInteger acked = new AtomicInteger();
  private final AtomicInteger accepted = new AtomicInteger();
  private final AtomicInteger ended = new AtomicInteger();
  private final AtomicInteger succeeded = new AtomicInteger();

  /** A load. */
  Load(String name, int perSecond, Duration time, Supplier<Assignments> step) {
    this.mark = name + "-";
    this.perSecond = perSecond;
    this.step = step;
    this.count = (int) (perSecond * time.toSeconds());
    this.begun = new AtomicLongArray(count);
    this.taken = new AtomicLongArray(count);
    this.acks = new AtomicIntegerArray(count);
  }

  /** Publishes all of it, and waits a while for what is left to be answered. */
  Borne run(Connection connection) {
    Dispatcher answers = connection.createDispatcher();
    answers.setPendingLimits(-1, -1);
    answers.subscribe(Subjects.STANDARD.ack(), ack -> numbered(ack, i -> acked(ack, i)));
    answers.subscribe(Subjects.STANDARD.result(), end -> numbered(end, i -> ended(end, i)));
    try {
      Pace.keep(count, perSecond, i -> publish(connection, i));
      awaitRest();
    } finally {
      connection.closeDispatcher(answers);
    }
    return new Borne(count, acked.get(), accepted.get(), succeeded.get(), latencies());
  }

  private void publish(Connection connection, int number) {
    byte[] body = step.get().bytes();
    begun.set(number, System.nanoTime());
    connection.publish(Subjects.STANDARD.assign(), new Headers().add(NUMBER, mark + number), body);
  }

  private void numbered(Message answer, IntConsumer each) {
    Headers headers = answer.getHeaders();
    String number = headers == null ? null : headers.getFirst(NUMBER);
    if (number != null && number.startsWith(mark)) {
      each.accept(Integer.parseInt(number.substring(mark.length())));
    }
  }

  private void acked(Message ack, int number) {
    if (acks.getAndIncrement(number) == 0) {
      acked.incrementAndGet();
      if (status(ack).equals("accepted")) {
        accepted.incrementAndGet();
      }
    }
  }

  private void ended(Message result, int number) {
    if (taken.getAndSet(number, System.nanoTime() - begun.get(number)) == 0) {
      ended.incrementAndGet();
      if (status(result).equals("success")) {
        succeeded.incrementAndGet();
      }
    }
  }

  private static String status(Message answer) {
    return JsonMapper.shared().readTree(answer.getData()).path("status").stringValue("");
  }

  /** What is still missing after it has none of what is counted. */
  private void awaitRest() {
    try {
      Awaitility.await()
          .atMost(TIMEOUT)
          .until(() -> acked.get() == count && ended.get() == accepted.get());
    } catch (ConditionTimeoutException e) {
      System.out.printf(
          "Of %d there are %d acks, %d accepted, %d results%n",
          count, acked.get(), accepted.get(), ended.get());
    }
  }

  private Latencies latencies() {
    return Latencies.of(
        IntStream.range(0, count).mapToLong(taken::get).filter(nanos -> nanos > 0).toArray());
  }
}
