package io.beamline.worker.bench;

import io.beamline.worker.support.Assignments;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * Steps that do nothing: what the worker costs, and what its flags cost, at full speed and at a
 * rate that everybody can keep.
 */
final class EchoBench implements Bench {

  private static final int STEPS = 40_000;
  private static final int PER_SECOND = 500;
  private static final int SECONDS = 4;
  private static final int FLOOR_AT_ONCE = 2_000;

  @Override
  public String name() {
    return "echo";
  }

  @Override
  public List<Row> rows() {
    return List.of(
        Row.ECHO_OFF,
        Row.ECHO_ON,
        Row.ECHO_FLAGS,
        Row.PROCESSOR_TIME,
        Row.PROCESSOR_FLAGS,
        Row.LATENCY_MEDIAN,
        Row.LATENCY_P99,
        Row.LATENCY_FLAGS);
  }

  @Override
  public List<Figure> measure(Effort effort) {
    try (Side floor = Side.floor(FLOOR_AT_ONCE, "echo");
        Side off = Side.worker(Flags::off);
        Side on = Side.worker(Flags::on)) {
      List<Figure> figures = new ArrayList<>(speed(effort, floor, off, on));
      if (effort.form().has(Row.LATENCY_MEDIAN)) {
        // The sides are compiled by now.
        figures.addAll(lateness(effort.cold().often(), floor, off, on));
      }
      floor.assertSuccess();
      off.assertSuccess();
      on.assertSuccess();
      return figures;
    }
  }

  /** A round of a side. */
  static Supplier<Round> side(Side side, Effort effort) {
    return () -> side.round(effort.steps(STEPS), () -> Assignments.echo().bytes());
  }

  private static List<Figure> speed(Effort effort, Side floor, Side off, Side on) {
    List<List<Round>> rounds =
        Turns.take(effort, List.of(side(floor, effort), side(off, effort), side(on, effort)));
    Series least = Series.of(rounds.get(0), Round::rate);
    Series without = Series.of(rounds.get(1), Round::rate);
    Series with = Series.of(rounds.get(2), Round::rate);
    Series timeWithout = Series.of(rounds.get(1), Round::processorMsOfThousand);
    return List.of(
        Figure.ratio(Row.ECHO_OFF, without, least),
        Figure.ratio(Row.ECHO_ON, with, least),
        Figure.ratio(Row.ECHO_FLAGS, with, without),
        Figure.ratio(
            Row.PROCESSOR_TIME,
            timeWithout,
            Series.of(rounds.get(0), Round::processorMsOfThousand)),
        Figure.ratio(
            Row.PROCESSOR_FLAGS,
            Series.of(rounds.get(2), Round::processorMsOfThousand),
            timeWithout));
  }

  /** How much later results come. */
  private static List<Figure> lateness(Effort effort, Side floor, Side off, Side on) {
    List<List<Latencies>> rounds =
        Turns.take(effort, List.of(() -> steadily(floor), () -> steadily(off), () -> steadily(on)));
    Series without = Series.of(rounds.get(1), Latencies::p99);
    return List.of(
        Figure.added(
            Row.LATENCY_MEDIAN,
            Series.of(rounds.get(1), Latencies::median),
            Series.of(rounds.get(0), Latencies::median)),
        Figure.added(Row.LATENCY_P99, without, Series.of(rounds.get(0), Latencies::p99)),
        Figure.ratio(Row.LATENCY_FLAGS, Series.of(rounds.get(2), Latencies::p99), without));
  }

  private static Latencies steadily(Side side) {
    return side.steadily(PER_SECOND * SECONDS, PER_SECOND);
  }
}
