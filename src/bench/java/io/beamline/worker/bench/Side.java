package io.beamline.worker.bench;

import io.beamline.worker.support.NatsServer;
import io.beamline.worker.support.WorkerProcess;
import io.nats.client.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * One side of a comparison: a NATS server of its own, and what takes the assignments there. Used by
 * one thread.
 */
final class Side implements AutoCloseable {

  private final NatsServer nats = NatsServer.start();
  private final Connection connection = nats.connect();
  private final Streams streams = Streams.make(connection);
  private final List<Runner> runners = new ArrayList<>();
  private final List<Runnable> checks = new ArrayList<>();
  private long steps;

  private Side() {}

  /** A floor; its work and what the work needs are told in {@code FloorApplication}. */
  static Side floor(int atOnce, Object... work) {
    Side side = new Side();
    List<String> arguments = new ArrayList<>();
    arguments.addAll(List.of(side.nats.url(), Streams.ASSIGNMENTS, Streams.DURABLE, "" + atOnce));
    arguments.addAll(Arrays.stream(work).map(Object::toString).toList());
    FloorProcess floor = FloorProcess.start(arguments);
    side.runners.add(floor.runner());
    side.checks.add(floor::assertQuiet);
    side.streams.awaitPulls(1);
    return side;
  }

  /** A worker. */
  static Side worker(UnaryOperator<WorkerProcess.Builder> settings) {
    return workers(1, settings);
  }

  /** Some workers on one server. */
  static Side workers(int count, UnaryOperator<WorkerProcess.Builder> settings) {
    Side side = new Side();
    List<WorkerProcess> workers = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      WorkerProcess.Builder builder =
          WorkerProcess.of(side.nats.url())
              .fatJar()
              .jvm(Jvm.OPTIONS.toArray(String[]::new))
              .env("WORKER_ID", "w" + i);
      WorkerProcess worker = settings.apply(builder).start();
      side.runners.add(Runner.of(worker));
      workers.add(worker);
    }
    side.checks.add(() -> side.assertSuccess(workers));
    side.streams.awaitPulls(count);
    return side;
  }

  /** Stores assignments while nobody takes them, and then has them done. */
  Round round(int count, Supplier<byte[]> assignment) {
    streams.clear();
    runners.forEach(Runner::hold);
    try {
      streams.store(count, assignment);
    } catch (RuntimeException e) {
      runners.forEach(Runner::release);
      throw e;
    }
    double before = processorSeconds();
    runners.forEach(Runner::release);
    streams.awaitResults(count);
    steps += count;
    return new Round(count, streams.span(count).toNanos() / 1e9, processorSeconds() - before);
  }

  /** Has echo steps done that come at a rate. */
  Latencies steadily(int count, int perSecond) {
    streams.clear();
    Latencies latencies = new SteadyLoad(count).run(connection, perSecond);
    streams.awaitResults(count);
    steps += count;
    return latencies;
  }

  /**
   * How many steps a second it does while assignments come at a rate, by the results of a time that
   * begins when it has taken them for a while already.
   */
  double flow(int perSecond, Duration before, Duration counted, Supplier<byte[]> assignment) {
    streams.clear();
    Flow flow = new Flow(perSecond, before, counted);
    double rate = flow.run(connection, assignment);
    streams.awaitResults(flow.count());
    steps += flow.count();
    return rate;
  }

  /** Has a load borne, which may be more than it can do. */
  Borne load(Load load) {
    return load.run(connection);
  }

  /** What the system holds for it, in MB. */
  double residentMegabytes() {
    return runners.stream().mapToLong(Runner::residentKb).sum() / 1024.0;
  }

  /** The share of one processor that it uses for a time in which nobody asks anything. */
  double idleShare(Duration time) throws InterruptedException {
    double before = processorSeconds();
    // Idleness is all that there is to wait for.
    Thread.sleep(time);
    return (processorSeconds() - before) * 1000 / time.toMillis();
  }

  /** Fails unless every step so far went well. */
  void assertSuccess() {
    checks.forEach(Runnable::run);
  }

  private void assertSuccess(List<WorkerProcess> workers) {
    double good =
        workers.stream()
            .mapToDouble(
                worker ->
                    worker.metric("worker_step_executions_total", "execution_status=\"success\""))
            .sum();
    if (good != steps) {
      throw new IllegalStateException("only %.0f of %d steps went well".formatted(good, steps));
    }
  }

  private double processorSeconds() {
    return runners.stream().mapToDouble(Runner::processorSeconds).sum();
  }

  @Override
  public void close() {
    runners.forEach(runner -> runner.end().run());
    NatsServer.disconnect(connection);
    nats.close();
  }
}
