package io.beamline.worker.bench;

import io.beamline.worker.support.Assignments;
import io.beamline.worker.support.WorkerProcess;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Echo steps of one tenant and of many, where a hundred tenants have a label of their own in the
 * metrics, which is as many as may.
 */
final class TenantSizeBench implements Bench {

  private static final int STEPS = 40_000;
  private static final int LABELLED = 100;

  private final AtomicInteger number = new AtomicInteger();

  @Override
  public String name() {
    return "tenants";
  }

  @Override
  public List<Row> rows() {
    return List.of(Row.TENANTS_HUNDRED, Row.TENANTS_MANY, Row.TENANT_LINES);
  }

  @Override
  public List<Figure> measure(Effort effort) {
    try (ManySides sides = ManySides.of(List.of(1, 100, 10_000), TenantSizeBench::settings)) {
      List<Series> rates = sides.rates(effort, each -> round(each, effort));
      return List.of(
          Figure.ratio(Row.TENANTS_HUNDRED, rates.get(1), rates.get(0)),
          Figure.ratio(Row.TENANTS_MANY, rates.get(2), rates.get(0)),
          Figure.ratio(Row.TENANT_LINES, lines(sides, 2), lines(sides, 0)));
    }
  }

  private Round round(ManySides.Sized each, Effort effort) {
    return each.side()
        .round(
            effort.steps(STEPS),
            () ->
                Assignments.echo().tenant(tenant(number.getAndIncrement() % each.size())).bytes());
  }

  private static Series lines(ManySides sides, int side) {
    return new Series(List.of((double) sides.all().get(side).side().metricLines()));
  }

  private static String tenant(int number) {
    return "tenant-" + number;
  }

  private static WorkerProcess.Builder settings(WorkerProcess.Builder worker) {
    return worker.env(
        "WORKER_METRICS_TENANT_ALLOWLIST",
        IntStream.range(0, LABELLED)
            .mapToObj(TenantSizeBench::tenant)
            .collect(Collectors.joining(",")));
  }
}
