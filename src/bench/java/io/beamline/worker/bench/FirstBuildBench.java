package io.beamline.worker.bench;

import io.beamline.worker.support.Assignments;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;

/** Steps that do nothing, with the flags off, beside the build that had none. */
final class FirstBuildBench implements Bench {

  private static final int STEPS = 80_000;

  @Override
  public String name() {
    return "first build";
  }

  @Override
  public List<Row> rows() {
    return List.of(Row.FIRST_BUILD);
  }

  @Override
  public List<Figure> measure(Effort effort) {
    Path jar = FirstBuild.jar();
    try (Side then = Side.worker(builder -> builder.jar(jar));
        Side now = Side.worker(Flags::off)) {
      List<List<Round>> rounds = Turns.take(effort, List.of(side(then, effort), side(now, effort)));
      then.assertSuccess();
      now.assertSuccess();
      return List.of(
          Figure.ratio(
              Row.FIRST_BUILD,
              Series.of(rounds.get(1), Round::rate),
              Series.of(rounds.get(0), Round::rate)));
    }
  }

  private static Supplier<Round> side(Side side, Effort effort) {
    return () -> side.round(effort.steps(STEPS), () -> Assignments.echo().bytes());
  }
}
