package io.beamline.worker.fault;

import io.beamline.worker.support.Assignments;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

/** A Router that assigns the same five times, and again when it has the result. */
record DuplicateDelivery() implements Fault {

  private static final int STEPS = 20;
  private static final int TIMES = 5;
  private static final Duration SOON = Duration.ofSeconds(30);

  @Override
  public String title() {
    return "10 delivered twice and more";
  }

  @Override
  public void strike(Site site, Strikes strikes) {
    List<Assignments> steps = Stream.generate(() -> slow(site)).limit(STEPS).toList();
    for (int i = 0; i < TIMES; i++) {
      strikes.count("deliveries", site.router().assignAll(steps).size());
    }
    steps.forEach(step -> site.ledger().assigned(step.id(), Expected.SUCCESS, Instant.now()));
    steps.forEach(step -> site.router().awaitResult(step.id(), SOON));
    strikes.count("after the result", site.router().assignAll(steps).size());
    site.load().pause();
    site.awaitSettled(SOON);
    site.load().resume();
    steps.forEach(
        step ->
            strikes.check(site.pages().visits(page(step)) == 1, step.id() + " ran more than once"));
  }

  private static Assignments slow(Site site) {
    Assignments step = Assignments.http("");
    return step.input("url", site.pages().url(page(step)));
  }

  private static String page(Assignments step) {
    return "/slow/500/" + step.id();
  }
}
