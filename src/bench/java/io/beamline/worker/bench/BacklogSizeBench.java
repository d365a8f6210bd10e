package io.beamline.worker.bench;

import io.beamline.worker.support.Assignments;
import java.util.List;
import java.util.function.Supplier;

/** Echo steps of a small, a usual and a huge heap of stored assignments. */
final class BacklogSizeBench implements Bench {

  private static final int SMALL = 100;
  private static final int USUAL = 10_000;
  private static final int HUGE = 1_000_000;
  private static final int WARM_UP = 120_000;

  @Override
  public String name() {
    return "backlog";
  }

  @Override
  public List<Row> rows() {
    return List.of(Row.BACKLOG_SMALL, Row.BACKLOG_HUGE);
  }

  @Override
  public List<Figure> measure(Effort effort) {
    Supplier<byte[]> echo = () -> Assignments.echo().bytes();
    try (Side worker = Side.worker(Flags::off)) {
      worker.round(WARM_UP, echo);
      List<List<Double>> rates =
          Turns.take(
              effort.often(),
              List.of(
                  () -> worker.round(USUAL, echo).rate(), () -> worker.round(SMALL, echo).rate()));
      worker.assertSuccess();
      Series usual = new Series(rates.get(0));
      // One is enough: it takes a minute to store them, and no rest is waited for. As many results
      // are timed as a usual round has.
      Series huge = new Series(List.of(worker.rateOfFirst(USUAL, effort.steps(HUGE), echo)));
      return List.of(
          Figure.ratio(Row.BACKLOG_SMALL, new Series(rates.get(1)), usual),
          Figure.ratio(Row.BACKLOG_HUGE, huge, new Series(List.of(usual.median()))));
    }
  }
}
