package io.beamline.worker.bench;

import io.beamline.worker.support.Assignments;
import io.beamline.worker.support.NatsServer;
import io.beamline.worker.support.WorkerProcess;
import io.nats.client.Connection;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * What a NATS server keeps in memory for each step, with the streams that the worker makes, beside
 * those that the plain service makes: by how much it grows over many steps. The windows in which
 * the server drops duplicates are as the streams have them, and longer than a round.
 */
final class ServerMemoryBench implements Bench {

  private static final int WARM_UP = 20_000;
  private static final int STEPS = 100_000;

  @Override
  public String name() {
    return "server memory";
  }

  @Override
  public List<Row> rows() {
    return List.of(Row.SERVER_MEMORY);
  }

  @Override
  public List<Figure> measure(Effort effort) {
    // Each sample is of a server that has just started.
    List<List<Double>> samples =
        Turns.take(
            effort.warmed(),
            List.of(
                () -> kilobytesOfStep(PlainService::started, effort),
                () -> kilobytesOfStep(WorkerProcess.Builder::fatJar, effort)));
    return List.of(
        Figure.beside(Row.SERVER_MEMORY, new Series(samples.get(1)), new Series(samples.get(0))));
  }

  private static double kilobytesOfStep(
      UnaryOperator<WorkerProcess.Builder> process, Effort effort) {
    int steps = effort.steps(STEPS);
    ServerMemory memory = ServerMemory.onFreePort();
    try (NatsServer nats = memory.start();
        Connection connection = nats.connect();
        WorkerProcess worker = process.apply(WorkerProcess.of(nats.url())).start()) {
      Streams streams = Streams.found(connection);
      store(streams, WARM_UP, WARM_UP);
      double before = memory.residentKb();
      store(streams, steps, WARM_UP + steps);
      double grown = memory.residentKb() - before;
      streams.assertSuccess();
      return grown / steps;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static void store(Streams streams, int count, int results) {
    streams.store(count, () -> Assignments.echo().bytes());
    streams.awaitResults(results);
  }
}
