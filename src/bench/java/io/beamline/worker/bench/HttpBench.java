package io.beamline.worker.bench;

import io.beamline.worker.support.Assignments;
import java.util.List;
import java.util.function.Supplier;

/** Requests to a server that answers in 5 ms. */
final class HttpBench implements Bench {

  private static final int STEPS = 6_000;
  private static final int CONCURRENCY = 64;

  @Override
  public String name() {
    return "http";
  }

  @Override
  public List<Row> rows() {
    return List.of(Row.HTTP);
  }

  @Override
  public List<Figure> measure(Effort effort) {
    try (SlowSite site = new SlowSite();
        Side floor = Side.floor(CONCURRENCY, "http", site.url());
        Side worker =
            Side.worker(builder -> builder.env("WORKER_POOLS_IO_CONCURRENCY", "" + CONCURRENCY))) {
      Supplier<byte[]> step = () -> Assignments.http(site.url()).bytes();
      int steps = effort.steps(STEPS);
      List<List<Round>> rounds =
          Turns.take(
              effort.deep(),
              List.of(() -> floor.round(steps, step), () -> worker.round(steps, step)));
      floor.assertSuccess();
      worker.assertSuccess();
      return List.of(
          Figure.ratio(
              Row.HTTP,
              Series.of(rounds.get(1), Round::rate),
              Series.of(rounds.get(0), Round::rate)));
    }
  }
}
