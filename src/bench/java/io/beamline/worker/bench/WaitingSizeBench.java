package io.beamline.worker.bench;

import io.beamline.worker.support.Assignments;
import io.beamline.worker.support.WorkerProcess;
import java.util.List;

/** Echo steps while none, some or many other steps wait for their next attempt. */
final class WaitingSizeBench implements Bench {

  private static final int STEPS = 40_000;
  private static final long LONG_MS = 3_600_000;

  @Override
  public String name() {
    return "waiting";
  }

  @Override
  public List<Row> rows() {
    return List.of(Row.WAITING_HUNDRED, Row.WAITING_MANY);
  }

  @Override
  public List<Figure> measure(Effort effort) {
    try (SlowSite site = SlowSite.unavailable();
        ManySides sides = ManySides.of(List.of(0, 100, 10_000), WaitingSizeBench::settings)) {
      for (ManySides.Sized each : sides.all()) {
        each.side()
            .leaveWaiting(
                each.size(), () -> Assignments.http(site.url()).deadlineMs(LONG_MS).bytes());
      }
      List<Series> rates =
          sides.rates(
              effort,
              each -> each.side().round(effort.steps(STEPS), () -> Assignments.echo().bytes()));
      sides.all().forEach(each -> each.side().assertWaiting());
      return List.of(
          Figure.ratio(Row.WAITING_HUNDRED, rates.get(1), rates.get(0)),
          Figure.ratio(Row.WAITING_MANY, rates.get(2), rates.get(0)));
    }
  }

  private static WorkerProcess.Builder settings(WorkerProcess.Builder worker) {
    return worker
        .env("CP2_ADVANCED_RETRY_ENABLED", "true")
        .env("WORKER_RETRY_MAX_WAITING", "20000");
  }
}
