package io.beamline.worker.bench;

import io.beamline.worker.support.Assignments;
import java.util.List;
import java.util.function.Supplier;

/** Steps that do nothing: what the worker costs, and what its flags cost. */
final class EchoBench implements Bench {

  private static final int STEPS = 80_000;
  private static final int FLOOR_AT_ONCE = 2_000;

  @Override
  public String name() {
    return "echo";
  }

  @Override
  public List<Row> rows() {
    return List.of(Row.ECHO_OFF, Row.ECHO_ON, Row.ECHO_FLAGS, Row.PROCESSOR_TIME);
  }

  @Override
  public List<Figure> measure(Effort effort) {
    try (Side floor = Side.floor(FLOOR_AT_ONCE, "echo");
        Side off = Side.worker(Flags::off);
        Side on = Side.worker(Flags::on)) {
      List<List<Round>> rounds =
          Turns.take(effort, List.of(side(floor, effort), side(off, effort), side(on, effort)));
      off.assertSuccess();
      on.assertSuccess();
      floor.assertSuccess();
      return figures(rounds.get(0), rounds.get(1), rounds.get(2));
    }
  }

  /** A round of a side. */
  static Supplier<Round> side(Side side, Effort effort) {
    return () -> side.round(effort.steps(STEPS), () -> Assignments.echo().bytes());
  }

  private static List<Figure> figures(List<Round> floor, List<Round> off, List<Round> on) {
    Series least = Series.of(floor, Round::rate);
    Series without = Series.of(off, Round::rate);
    Series with = Series.of(on, Round::rate);
    return List.of(
        Figure.ratio(Row.ECHO_OFF, without, least),
        Figure.ratio(Row.ECHO_ON, with, least),
        Figure.ratio(Row.ECHO_FLAGS, with, without),
        Figure.ratio(
            Row.PROCESSOR_TIME,
            Series.of(off, Round::processorMsOfThousand),
            Series.of(floor, Round::processorMsOfThousand)));
  }
}
