package io.beamline.worker.bench;

import java.nio.file.Path;
import java.util.List;

/** Steps that do nothing, with the flags off, beside the build that had none. */
final class FirstBuildBench implements Bench {

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
      List<List<Round>> rounds =
          Turns.take(effort, List.of(EchoBench.side(then, effort), EchoBench.side(now, effort)));
      then.assertSuccess();
      now.assertSuccess();
      return List.of(
          Figure.ratio(
              Row.FIRST_BUILD,
              Series.of(rounds.get(1), Round::rate),
              Series.of(rounds.get(0), Round::rate)));
    }
  }
}
