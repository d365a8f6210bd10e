package io.beamline.worker.support;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.ToLongFunction;

/**
 * Notes when results come, and reads them only later, so that it takes little from the machine
 * meanwhile. Thread-safe.
 */
public final class ResultClock implements AutoCloseable {

  private final NatsListener listener;
  private final Queue<Arrival> arrivals = new ConcurrentLinkedQueue<>();

  /** Listens to a server. */
  public ResultClock(NatsServer nats) {
    listener =
        NatsListener.on(
            nats,
            Subjects.STANDARD.result(),
            message -> arrivals.add(new Arrival(System.currentTimeMillis(), message.getData())));
  }

  /** How many results have come since the last call of {@link #take}. */
  public int count() {
    return arrivals.size();
  }

  /**
   * Takes the results that have come, each from a step with a deadline.
   *
   * @param deadlineMs the time budget of an assignment, by its id
   */
  public Lateness take(ToLongFunction<String> deadlineMs) {
    List<Result> results = new ArrayList<>();
    for (Arrival next = arrivals.poll(); next != null; next = arrivals.poll()) {
      results.add(next.read(deadlineMs));
    }
    return new Lateness(
        new Lateness.Times(results.stream().mapToLong(Result::endedLate)),
        new Lateness.Times(
            results.stream().mapToLong(result -> result.endedLate + result.onTheWay)));
  }

  @Override
  public void close() {
    listener.close();
  }

  /** A result that was not read yet, and when it came, in ms since the epoch. */
  private record Arrival(long epochMillis, byte[] body) {

    Result read(ToLongFunction<String> deadlineMs) {
      WireMessage result = new WireMessage("", Map.of(), body);
      long elapsed = result.json().path("elapsed_ms").longValue();
      return new Result(
          elapsed - deadlineMs.applyAsLong(result.text("assignment_id")),
          epochMillis - result.json().path("timestamp").longValue());
    }
  }

  /** Times in ms: from the deadline to the result, and from there to the subscriber. */
  private record Result(long endedLate, long onTheWay) {}
}
