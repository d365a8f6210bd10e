package io.beamline.worker.bench;

import io.beamline.worker.support.Assignments;
import io.beamline.worker.support.TraceReceiver;
import java.util.List;

/** Steps that do nothing, one in ten traced, beside the same without traces. */
final class TracingBench implements Bench {

  private static final int WARM_UP = 120_000;

  @Override
  public String name() {
    return "tracing";
  }

  @Override
  public List<Row> rows() {
    return List.of(Row.TRACED);
  }

  @Override
  public List<Figure> measure(Effort effort) {
    try (TraceReceiver collector = TraceReceiver.start().discard();
        Side plain = Side.worker(Flags::off);
        Side traced =
            Side.worker(worker -> worker.env("OTEL_EXPORTER_OTLP_ENDPOINT", collector.url()))) {
      warmUp(plain, effort);
      warmUp(traced, effort);
      List<List<Round>> rounds =
          Turns.take(
              effort, List.of(EchoBench.side(plain, effort), EchoBench.side(traced, effort)));
      plain.assertSuccess();
      traced.assertSuccess();
      if (collector.requests() == 0) {
        throw new IllegalStateException("no span came: nothing was traced");
      }
      return List.of(
          Figure.ratio(
              Row.TRACED,
              Series.of(rounds.get(1), Round::rate),
              Series.of(rounds.get(0), Round::rate)));
    }
  }

  /** Until what makes, keeps and sends spans is compiled. */
  private static void warmUp(Side side, Effort effort) {
    side.round(effort.steps(WARM_UP), () -> Assignments.echo().bytes());
  }
}
