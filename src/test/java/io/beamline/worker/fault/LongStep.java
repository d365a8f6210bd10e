package io.beamline.worker.fault;

import io.beamline.worker.support.Assignments;
import io.nats.client.Dispatcher;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** A step that takes many times as long as its lease. */
record LongStep(Duration time) implements Fault {

  private static final String PROGRESS = "+WPI";

  @Override
  public String title() {
    return "11 step longer than its lease";
  }

  @Override
  public Plan plan(Plan standard) {
    return standard
        .workers(2)
        .env("WORKER_NATS_ACK_WAIT", "5s")
        .env("WORKER_TIMEOUTS_HTTP_RESPONSE", "90s");
  }

  @Override
  public void strike(Site site, Strikes strikes) {
    AtomicLong renewals = new AtomicLong();
    Dispatcher listening =
        site.router()
            .connection()
            .createDispatcher(
                message -> {
                  if (new String(message.getData(), java.nio.charset.StandardCharsets.US_ASCII)
                      .equals(PROGRESS)) {
                    renewals.incrementAndGet();
                  }
                });
    listening.subscribe("$JS.ACK.>");
    Assignments step = Assignments.http("").deadlineMs(120_000);
    String page = "/slow/" + time.toMillis() + "/" + step.id();
    String id =
        site.load().assign(step.input("url", site.pages().url(page)), Expected.SUCCESS).join();
    site.router().awaitResult(id, time.plusSeconds(30));
    strikes.count("renewals", renewals.get());
    strikes.check(site.router().answer(id).acks() == 1, "a second worker took it");
    strikes.check(site.pages().visits(page) == 1, "it ran twice");
    site.router().connection().closeDispatcher(listening);
  }
}
