package io.beamline.worker.bench;

import io.beamline.worker.support.Assignments;
import io.beamline.worker.support.WorkerProcess;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * HTTP steps to one destination and to many, with circuit breakers on. One server of this machine
 * is all of them: it answers at every address of 127.0.0.0/8. No connection serves two requests, so
 * that one destination has no advantage by those that stay open.
 */
final class DestinationSizeBench implements Bench {

  /** A round visits each of the destinations. */
  private static final int STEPS = 10_000;

  private static final int CONCURRENCY = 64;
  private static final int NUMBERS = 250;

  private final AtomicInteger number = new AtomicInteger();

  @Override
  public String name() {
    return "destinations";
  }

  @Override
  public List<Row> rows() {
    return List.of(Row.DESTINATIONS_HUNDRED, Row.DESTINATIONS_MANY);
  }

  @Override
  public List<Figure> measure(Effort effort) {
    try (SlowSite site = SlowSite.everywhere();
        ManySides sides = ManySides.of(List.of(1, 100, STEPS), DestinationSizeBench::settings)) {
      List<Series> rates = sides.rates(effort.deep(), each -> round(each, site));
      return List.of(
          Figure.ratio(Row.DESTINATIONS_HUNDRED, rates.get(1), rates.get(0)),
          Figure.ratio(Row.DESTINATIONS_MANY, rates.get(2), rates.get(0)));
    }
  }

  private Round round(ManySides.Sized each, SlowSite site) {
    return each.side()
        .round(
            STEPS,
            () ->
                Assignments.http(site.url(address(number.getAndIncrement() % each.size())))
                    .bytes());
  }

  private static String address(int number) {
    return "127.1.%d.%d".formatted(number / NUMBERS, 1 + number % NUMBERS);
  }

  private static WorkerProcess.Builder settings(WorkerProcess.Builder worker) {
    return worker
        .env("CP2_CIRCUIT_BREAKER_ENABLED", "true")
        .env("WORKER_POOLS_IO_CONCURRENCY", "" + CONCURRENCY);
  }
}
