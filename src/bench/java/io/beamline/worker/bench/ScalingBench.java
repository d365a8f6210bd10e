package io.beamline.worker.bench;

import io.beamline.worker.support.Assignments;
import io.beamline.worker.support.WorkerProcess;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;

/**
 * Two workers beside one, on steps that only wait. The workers stand ready when the assignments
 * begin to come, so many that both have enough to do however they are shared: a server serves pulls
 * in turns and not workers, so that one with more pulls gets more. Where it has a heap to give the
 * first may take it all, and so the first two seconds of a flow do not count.
 */
final class ScalingBench implements Bench {

  private static final int SLEEP_MS = 40;
  private static final int CONCURRENCY = 32;
  private static final int TOO_MANY_PER_SECOND = CONCURRENCY * 1_000 / SLEEP_MS * 8 / 5;
  private static final Duration BEFORE = Duration.ofMillis(2_500);
  private static final Duration COUNTED = Duration.ofMillis(1_500);

  @Override
  public String name() {
    return "scaling";
  }

  @Override
  public List<Row> rows() {
    return List.of(Row.SCALING);
  }

  @Override
  public List<Figure> measure(Effort effort) {
    try (Side one = Side.workers(1, ScalingBench::settings);
        Side two = Side.workers(2, ScalingBench::settings)) {
      // There is nothing to compile for: the steps wait, and each round has its own beginning.
      List<List<Double>> rates = Turns.take(effort.warmed(), List.of(flow(one, 1), flow(two, 2)));
      one.assertSuccess();
      two.assertSuccess();
      return List.of(Figure.ratio(Row.SCALING, new Series(rates.get(1)), new Series(rates.get(0))));
    }
  }

  /** A round: how many steps a second so many workers do while more come. */
  static Supplier<Double> flow(Side side, int workers) {
    return () ->
        side.flow(
            workers * TOO_MANY_PER_SECOND,
            BEFORE,
            COUNTED,
            () -> Assignments.sleep(SLEEP_MS).bytes());
  }

  /** As many slots as the flow is made for. */
  static WorkerProcess.Builder settings(WorkerProcess.Builder worker) {
    return worker.env("WORKER_POOLS_CPU_CONCURRENCY", "" + CONCURRENCY);
  }
}
