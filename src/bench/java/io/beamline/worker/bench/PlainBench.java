package io.beamline.worker.bench;

import io.beamline.worker.support.Assignments;
import io.beamline.worker.support.WorkerProcess;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Echo steps, and then HTTP steps, beside the service that people write by hand. After both, what
 * the system holds for each of the two.
 */
final class PlainBench implements Bench {

  private static final int WARM_UP = 60_000;
  private static final int HTTP_STEPS = 6_000;
  private static final int CONCURRENCY = 64;

  @Override
  public String name() {
    return "plain";
  }

  @Override
  public List<Row> rows() {
    return List.of(
        Row.PLAIN_ECHO, Row.PLAIN_ECHO_TIME, Row.PLAIN_HTTP, Row.PLAIN_HTTP_TIME, Row.PLAIN_MEMORY);
  }

  @Override
  public List<Figure> measure(Effort effort) {
    try (SlowSite site = new SlowSite();
        Side plain = Side.plain(PlainBench::settings);
        Side worker = Side.worker(PlainBench::settings)) {
      plain.round(WARM_UP, () -> Assignments.echo().bytes());
      worker.round(WARM_UP, () -> Assignments.echo().bytes());
      List<List<Round>> echoes =
          Turns.take(
              effort.warmed(),
              List.of(EchoBench.side(plain, effort), EchoBench.side(worker, effort)));
      plain.assertSuccess();
      Supplier<byte[]> get = () -> Assignments.http(site.url()).bytes();
      int steps = effort.steps(HTTP_STEPS);
      List<List<Loaded>> requests =
          Turns.take(
              effort.deep(),
              List.of(() -> loaded(plain, steps, get), () -> loaded(worker, steps, get)));
      plain.assertSuccess();
      worker.assertSuccess();
      List<Figure> figures = new ArrayList<>();
      figures.add(figure(Row.PLAIN_ECHO, echoes, Round::rate));
      figures.add(figure(Row.PLAIN_ECHO_TIME, echoes, Round::processorMsOfThousand));
      figures.add(figure(Row.PLAIN_HTTP, requests, each -> each.round().rate()));
      figures.add(
          figure(Row.PLAIN_HTTP_TIME, requests, each -> each.round().processorMsOfThousand()));
      figures.add(figure(Row.PLAIN_MEMORY, requests, Loaded::residentMegabytes));
      return figures;
    }
  }

  /** The worker's samples, which are the second, beside the plain service's. */
  private static <T> Figure figure(Row row, List<List<T>> samples, Function<T, Double> number) {
    return Figure.ratio(
        row, Series.of(samples.get(1), number::apply), Series.of(samples.get(0), number::apply));
  }

  private static Loaded loaded(Side side, int steps, Supplier<byte[]> assignment) {
    return new Loaded(side.round(steps, assignment), side.residentMegabytes());
  }

  private static WorkerProcess.Builder settings(WorkerProcess.Builder process) {
    return process
        .jvm("-Xmx512m")
        .env("WORKER_POOLS_IO_CONCURRENCY", "" + CONCURRENCY)
        .env("PLAIN_REQUESTS_AT_ONCE", "" + CONCURRENCY);
  }

  /**
   * A round, and what the system held for the side after it.
   *
   * @param residentMegabytes in MB
   */
  private record Loaded(Round round, double residentMegabytes) {}
}
