package io.beamline.worker.bench;

import io.beamline.worker.feature.WorkerFeature;
import io.beamline.worker.support.HealthySteps;
import io.beamline.worker.support.NatsServer;
import io.beamline.worker.support.RouterStandIn;
import io.beamline.worker.support.WorkerProcess;
import java.util.List;

/**
 * Healthy steps while others wait for their retries, beside healthy steps alone. It is the slots
 * that bound both: a step that held one while it waits would show, and the machine's noise does
 * not.
 */
final class HealthyBench implements Bench {

  private static final int HEALTHY = 1_600;
  private static final int CONCURRENCY = 8;

  @Override
  public String name() {
    return "healthy";
  }

  @Override
  public List<Row> rows() {
    return List.of(Row.HEALTHY);
  }

  @Override
  public List<Figure> measure(Effort effort) {
    try (NatsServer nats = NatsServer.start();
        WorkerProcess worker = worker(nats.url());
        RouterStandIn router = RouterStandIn.connect(nats.url());
        HealthySteps steps = new HealthySteps(worker, router, HEALTHY)) {
      steps.warmUp();
      List<List<Double>> rates =
          Turns.take(effort.warmed(), List.of(steps::alone, steps::besideWaiting));
      router.assertClean();
      return List.of(Figure.ratio(Row.HEALTHY, new Series(rates.get(1)), new Series(rates.get(0))));
    }
  }

  private static WorkerProcess worker(String url) {
    WorkerProcess.Builder worker =
        WorkerProcess.of(url)
            .fatJar()
            .jvm(Jvm.OPTIONS.toArray(String[]::new))
            .env("WORKER_POOLS_IO_CONCURRENCY", "" + CONCURRENCY)
            .env("WORKER_POOLS_IO_MAX_QUEUE_SIZE", "" + 2 * HEALTHY);
    // A breaker would open for those that fail, and keep them from the attempt that they wait for.
    return Flags.on(worker).env(WorkerFeature.CP2_CIRCUIT_BREAKER_ENABLED.name(), "false").start();
  }
}
