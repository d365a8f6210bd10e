package io.beamline.worker.bench;

import io.beamline.worker.support.Assignments;
import io.beamline.worker.support.NatsServer;
import io.beamline.worker.support.WorkerProcess;
import io.nats.client.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/**
 * What a worker does that has just started and finds a backlog: its rate in the ten seconds after
 * its first result, beside its own rate when it is warm. Each round is a process of its own.
 */
final class FirstSecondsBench implements Bench {

  private static final int BACKLOG = 400_000;
  private static final int WARM_STEPS = 60_000;
  private static final int WARM_ROUNDS = 3;
  private static final Duration COUNTED = Duration.ofSeconds(10);
  private static final Duration TIMEOUT = Duration.ofMinutes(3);

  @Override
  public String name() {
    return "first seconds";
  }

  @Override
  public List<Row> rows() {
    return List.of(Row.FIRST_SECONDS);
  }

  @Override
  public List<Figure> measure(Effort effort) {
    List<String> command = WarmImage.command();
    List<Double> first = new ArrayList<>();
    List<Double> warm = new ArrayList<>();
    for (int round = 0; round < effort.rounds(); round++) {
      measure(command, first, warm);
    }
    return List.of(Figure.ratio(Row.FIRST_SECONDS, new Series(first), new Series(warm)));
  }

  private static void measure(List<String> command, List<Double> first, List<Double> warm) {
    try (NatsServer nats = NatsServer.start();
        Connection connection = nats.connect()) {
      Streams streams = Streams.make(connection);
      streams.store(BACKLOG, () -> Assignments.echo().bytes());
      try (WorkerProcess worker = WorkerProcess.of(nats.url()).command(command).launch()) {
        Runner runner = Runner.of(worker);
        first.add(firstRate(streams));
        streams.awaitResults(BACKLOG);
        List<Double> rates = new ArrayList<>();
        for (int round = 0; round < WARM_ROUNDS; round++) {
          rates.add(warmRate(streams, runner));
        }
        warm.add(new Series(rates).median());
        streams.assertSuccess();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static double firstRate(Streams streams) throws InterruptedException {
    Awaitility.await("the first result")
        .atMost(TIMEOUT)
        .pollInterval(Duration.ofMillis(20))
        .until(() -> streams.resultCount() > 0);
    long begun = System.nanoTime();
    long before = streams.resultCount();
    // The time is what is measured.
    TimeUnit.MILLISECONDS.sleep(COUNTED.toMillis());
    long after = streams.resultCount();
    if (after == BACKLOG) {
      throw new IllegalStateException("the backlog of " + BACKLOG + " was too small");
    }
    return (after - before) * 1e9 / (System.nanoTime() - begun);
  }

  private static double warmRate(Streams streams, Runner runner) {
    streams.clear();
    runner.hold();
    try {
      streams.store(WARM_STEPS, () -> Assignments.echo().bytes());
    } finally {
      runner.release();
    }
    streams.awaitResults(WARM_STEPS);
    return WARM_STEPS * 1e9 / streams.span(WARM_STEPS).toNanos();
  }
}
