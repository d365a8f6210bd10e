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
import org.awaitility.Awaitility;

/**
 * One side of a comparison: a NATS server of its own, and what takes the assignments there. Used by
 * one thread.
 */
final class Side implements AutoCloseable {

  /** The worker's count of steps, and the label of those that went well. */
  private static final List<String> WORKER_STEPS =
      List.of("worker_step_executions_total", "execution_status=\"success\"");

  /** The plain service's. */
  private static final List<String> PLAIN_STEPS =
      List.of("plain_steps_seconds_count", "status=\"success\"");

  private final NatsServer nats = NatsServer.start();
  private final Connection connection = nats.connect();
  private final Streams streams = Streams.make(connection);
  private final List<Runner> runners = new ArrayList<>();
  private final List<WorkerProcess> processes = new ArrayList<>();
  private final List<Runnable> checks = new ArrayList<>();
  private long steps;
  private int waiting;

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
    for (int i = 0; i < count; i++) {
      String id = "w" + i;
      side.start(worker -> settings.apply(worker.fatJar().env("WORKER_ID", id)));
    }
    side.checks.add(() -> side.assertSuccess(WORKER_STEPS));
    side.streams.awaitPulls(count);
    return side;
  }

  /** The service that people write by hand. */
  static Side plain(UnaryOperator<WorkerProcess.Builder> settings) {
    Side side = new Side();
    side.start(service -> settings.apply(PlainService.started(service)));
    side.checks.add(() -> side.assertSuccess(PLAIN_STEPS));
    side.checks.add(side.streams::assertSuccess);
    side.streams.awaitPulls(1);
    return side;
  }

  private void start(UnaryOperator<WorkerProcess.Builder> settings) {
    WorkerProcess.Builder builder =
        WorkerProcess.of(nats.url()).jvm(Jvm.OPTIONS.toArray(String[]::new));
    WorkerProcess process = settings.apply(builder).start();
    runners.add(Runner.of(process));
    processes.add(process);
  }

  /** Stores assignments while nobody takes them, and then has them done. */
  Round round(int count, Supplier<byte[]> assignment) {
    storeWhileHeld(count, assignment);
    double before = processorSeconds();
    runners.forEach(Runner::release);
    streams.awaitResults(count, waiting);
    steps += count;
    return new Round(count, streams.span(count).toNanos() / 1e9, processorSeconds() - before);
  }

  /**
   * Stores more assignments than anybody waits for, while nobody takes them. Gives the steps a
   * second of those that are done first, and fails unless these went well. Nothing can be measured
   * after it.
   *
   * @param clocked how many of them are waited for
   */
  double rateOfFirst(int clocked, int stored, Supplier<byte[]> assignment) {
    storeWhileHeld(stored, assignment);
    runners.forEach(Runner::release);
    double rate = clocked * 1e9 / streams.spanOfFirst(clocked).toNanos();
    streams.assertFirstSucceeded(clocked);
    return rate;
  }

  private void storeWhileHeld(int count, Supplier<byte[]> assignment) {
    streams.clear();
    runners.forEach(Runner::hold);
    try {
      streams.store(count, assignment);
    } catch (RuntimeException e) {
      runners.forEach(Runner::release);
      throw e;
    }
  }

  /** Has steps fail that wait for their next attempt from then on, beside all that follows. */
  void leaveWaiting(int count, Supplier<byte[]> assignment) {
    streams.store(count, assignment);
    waiting = count;
    Awaitility.await(count + " steps wait")
        .atMost(Duration.ofMinutes(1))
        .until(() -> waitingSteps() == count);
  }

  /** Fails unless the steps that were left waiting still do. */
  void assertWaiting() {
    if (waitingSteps() != waiting) {
      throw new IllegalStateException("%.0f of %d wait".formatted(waitingSteps(), waiting));
    }
  }

  private double waitingSteps() {
    return processes.stream()
        .mapToDouble(process -> process.metric("worker_retries_waiting"))
        .sum();
  }

  /** How many lines its metrics have. */
  long metricLines() {
    return processes.stream().mapToLong(process -> process.metrics().lines().count()).sum();
  }

  /** Has echo steps done that come at a rate. */
  Latencies steadily(int count, int perSecond) {
    streams.clear();
    Latencies latencies = new SteadyLoad(count).run(connection, perSecond);
    streams.awaitResults(count, waiting);
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
    streams.awaitResults(flow.count(), waiting);
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

  private void assertSuccess(List<String> metric) {
    double good =
        processes.stream()
            .mapToDouble(process -> process.metric(metric.get(0), metric.get(1)))
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
