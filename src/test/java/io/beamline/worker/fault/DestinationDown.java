package io.beamline.worker.fault;

import io.beamline.worker.support.Assignments;
import io.beamline.worker.support.FreePort;
import io.beamline.worker.support.MisbehavingHttpServer;
import io.beamline.worker.support.WorkerProcess;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;

/**
 * A server that some steps ask is down for a while, and a worker is killed meanwhile. With circuit
 * breakers the steps wait, and succeed once the server is back; without them they fail.
 */
record DestinationDown(Duration time) implements Fault {

  private static final int STEPS = 60;
  private static final Duration SOON = Duration.ofSeconds(30);

  @Override
  public String title() {
    return "15 destination down";
  }

  @Override
  public Plan plan(Plan standard) {
    return standard.workers(2).env("WORKER_DESTINATIONS_BREAKER_OPEN_FOR", "3s");
  }

  @Override
  public void strike(Site site, Strikes strikes) throws IOException {
    int port = FreePort.find();
    Expected expected = site.flags().on() ? Expected.SUCCESS : Expected.FAILURE;
    List<String> ids = site.load().assignAll(steps(port), expected);
    if (site.flags().on()) {
      Awaitility.await().atMost(SOON).until(() -> parked(site) > STEPS / 2);
      strikes.count("parked", (long) parked(site));
    }
    site.fleet().get(0).kill9();
    WorkerProcess unused = site.fleet().replace(0);
    Pause.of(time);
    if (!site.flags().on()) {
      site.router().awaitAll(ids, SOON);
      strikes.count("failed", ids.size());
    }
    try (MisbehavingHttpServer back = MisbehavingHttpServer.startAt(port)) {
      site.router().awaitAll(ids, SOON.multipliedBy(2));
      strikes.check(
          site.flags().on() == !back.requests().isEmpty(),
          back.requests().size() + " requests when it was back");
    }
    site.fleet().get(0).awaitReady();
    strikes.check(
        parked(site) == 0 && site.flags().on() == (opened(site) > 0),
        "parked %.0f, opened %.0f".formatted(parked(site), opened(site)));
  }

  private static List<Assignments> steps(int port) {
    return IntStream.range(0, STEPS)
        .mapToObj(i -> Assignments.http("http://localhost:" + port + "/" + i))
        .map(step -> step.maxAttempts(10).backoffMs(20).deadlineMs(120_000))
        .toList();
  }

  private static double parked(Site site) {
    return site.sum("worker_parked_steps");
  }

  private static double opened(Site site) {
    return site.sum("worker_circuit_breaker_transitions_total", "state=\"open\"");
  }
}
