package io.beamline.worker.bench;

import io.beamline.worker.support.Assignments;
import java.util.List;
import java.util.function.Supplier;

/** How much later results come at a rate that everybody can keep. */
final class LatencyBench implements Bench {

  private static final int PER_SECOND = 500;
  private static final int SECONDS = 5;
  private static final int COMPILED_AFTER = 30_000;
  private static final int FLOOR_AT_ONCE = 2_000;

  @Override
  public String name() {
    return "latency";
  }

  @Override
  public List<Row> rows() {
    return List.of(Row.LATENCY_MEDIAN, Row.LATENCY_P99, Row.LATENCY_FLAGS);
  }

  @Override
  public List<Figure> measure(Effort effort) {
    try (Side floor = Side.floor(FLOOR_AT_ONCE, "echo");
        Side off = Side.worker(Flags::off);
        Side on = Side.worker(Flags::on)) {
      for (Side side : List.of(floor, off, on)) {
        side.round(COMPILED_AFTER, () -> Assignments.echo().bytes());
      }
      List<List<Latencies>> rounds =
          Turns.take(
              effort.cold(), List.of(side(floor, effort), side(off, effort), side(on, effort)));
      floor.assertSuccess();
      off.assertSuccess();
      on.assertSuccess();
      return figures(rounds.get(0), rounds.get(1), rounds.get(2));
    }
  }

  private static Supplier<Latencies> side(Side side, Effort effort) {
    return () -> side.steadily(effort.steps(PER_SECOND * SECONDS), PER_SECOND);
  }

  private static List<Figure> figures(
      List<Latencies> floor, List<Latencies> off, List<Latencies> on) {
    Series late = Series.of(floor, Latencies::p99);
    Series without = Series.of(off, Latencies::p99);
    return List.of(
        Figure.added(
            Row.LATENCY_MEDIAN,
            Series.of(off, Latencies::median),
            Series.of(floor, Latencies::median)),
        Figure.added(Row.LATENCY_P99, without, late),
        Figure.ratio(Row.LATENCY_FLAGS, Series.of(on, Latencies::p99), without));
  }
}
