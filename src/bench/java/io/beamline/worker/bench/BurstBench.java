package io.beamline.worker.bench;

import io.beamline.worker.support.Assignments;
import io.beamline.worker.support.WorkerProcess;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Three times more HTTP steps than the worker has slots for, against a short queue, and steps of
 * the other pool that go on meanwhile.
 */
final class BurstBench implements Bench {

  private static final Duration TIME = Duration.ofSeconds(10);
  private static final int PER_SECOND = 1_000;
  private static final int OTHERS_PER_SECOND = 20;
  private static final Duration PAUSE = Duration.ofMillis(100);

  @Override
  public String name() {
    return "burst";
  }

  @Override
  public List<Row> rows() {
    return List.of(Row.BURST_ACKED, Row.BURST_SUCCEEDED, Row.BURST_OTHERS, Row.BURST_OTHERS_P95);
  }

  @Override
  public List<Figure> measure(Effort effort) {
    try (SlowSite site = new SlowSite(PAUSE);
        Side worker = Side.worker(BurstBench::settings)) {
      CompletableFuture<Borne> others =
          CompletableFuture.supplyAsync(
              () -> worker.load(new Load("echo", OTHERS_PER_SECOND, TIME, Assignments::echo)));
      Borne burst = worker.load(new Load("http", PER_SECOND, TIME, site::post));
      return figures(burst, others.join());
    }
  }

  private static List<Figure> figures(Borne burst, Borne others) {
    if (burst.accepted() == burst.steps()) {
      throw new IllegalStateException("the burst was too small: nothing was rejected");
    }
    return List.of(
        Figure.alone(Row.BURST_ACKED, burst.share(burst.acked())),
        Figure.alone(Row.BURST_SUCCEEDED, burst.succeededOfAccepted()),
        Figure.alone(Row.BURST_OTHERS, others.share(others.succeeded())),
        Figure.alone(Row.BURST_OTHERS_P95, others.p95Seconds()));
  }

  private static WorkerProcess.Builder settings(WorkerProcess.Builder worker) {
    return Flags.on(worker).env("WORKER_POOLS_IO_MAX_QUEUE_SIZE", "100");
  }
}
