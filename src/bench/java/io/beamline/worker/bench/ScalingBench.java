package io.beamline.worker.bench;

import io.beamline.worker.support.Assignments;
import io.beamline.worker.support.WorkerProcess;
import java.util.List;
import java.util.function.Supplier;

/** Two workers beside one, on steps that only wait. */
final class ScalingBench implements Bench {

  private static final int STEPS = 2_400;
  private static final int SLEEP_MS = 40;
  private static final String CONCURRENCY = "32";

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
      Supplier<byte[]> step = () -> Assignments.sleep(SLEEP_MS).bytes();
      int steps = effort.steps(STEPS);
      List<List<Round>> rounds =
          Turns.take(effort, List.of(() -> one.round(steps, step), () -> two.round(steps, step)));
      one.assertSuccess();
      two.assertSuccess();
      return List.of(
          Figure.ratio(
              Row.SCALING,
              Series.of(rounds.get(1), Round::rate),
              Series.of(rounds.get(0), Round::rate)));
    }
  }

  private static WorkerProcess.Builder settings(WorkerProcess.Builder worker) {
    return worker.env("WORKER_POOLS_CPU_CONCURRENCY", CONCURRENCY);
  }
}
