package io.beamline.worker.bench;

import java.time.Duration;
import java.util.List;

/**
 * HTTP steps at a steady rate for a minute, each with 1 KB there and back.
 *
 * @param perSecond the rate
 * @param succeeded how many succeed
 * @param p95 how long 95 of 100 take
 */
record LoadBench(int perSecond, Row succeeded, Row p95) implements Bench {

  private static final Duration TIME = Duration.ofSeconds(60);

  @Override
  public String name() {
    return "load of " + perSecond;
  }

  @Override
  public List<Row> rows() {
    return List.of(succeeded, p95);
  }

  @Override
  public List<Figure> measure(Effort effort) {
    try (SlowSite site = new SlowSite();
        Side worker = Side.worker(Flags::on)) {
      Borne borne = worker.load(new Load("http", perSecond, TIME, site::post));
      return List.of(
          Figure.alone(succeeded, borne.share(borne.succeeded())),
          Figure.alone(p95, borne.p95Seconds()));
    }
  }
}
