package io.beamline.worker.fault;

import io.beamline.worker.support.Assignments;
import io.beamline.worker.support.NodeProvider;
import io.beamline.worker.support.WorkerProcess;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Nobody serves the subject of some requests for a while, and a worker is killed meanwhile. With
 * all flags steps are retried or wait, and succeed once the service is there; without them they
 * fail. Afterwards it serves both.
 */
record ServiceGone(Duration time) implements Fault {

  private static final String SUBJECT = "fault.service.one";
  private static final int STEPS = 60;
  private static final int AFTERWARDS = 20;
  private static final Duration SOON = Duration.ofSeconds(30);

  @Override
  public String title() {
    return "18 NATS service gone";
  }

  @Override
  public Plan plan(Plan standard) {
    return standard
        .workers(2)
        .env("WORKER_BLOCKS_NATS_ALLOWED_SUBJECTS", "fault.service.*")
        .env("WORKER_DESTINATIONS_BREAKER_OPEN_FOR", "3s");
  }

  @Override
  public void strike(Site site, Strikes strikes) {
    List<String> ids =
        site.load()
            .assignAll(steps(STEPS), site.flags().on() ? Expected.SUCCESS : Expected.FAILURE);
    site.fleet().get(0).kill9();
    WorkerProcess unused = site.fleet().replace(0);
    Pause.of(time);
    if (!site.flags().on()) {
      site.router().awaitAll(ids, SOON);
    }
    try (NodeProvider service = NodeProvider.start(site.nats(), SUBJECT)) {
      service.awaitReady(1);
      site.router().awaitAll(ids, SOON.multipliedBy(2));
      strikes.count(site.flags().on() ? "succeeded" : "failed", ids.size());
      site.fleet().get(0).awaitReady();
      List<String> afterwards = site.load().assignAll(steps(AFTERWARDS), Expected.SUCCESS);
      site.router().awaitAll(afterwards, SOON);
      strikes.count("afterwards", afterwards.size());
    }
  }

  private static List<Assignments> steps(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> Assignments.of("nats.request").input("subject", SUBJECT))
        .map(step -> step.maxAttempts(10).backoffMs(20).deadlineMs(120_000))
        .toList();
  }
}
