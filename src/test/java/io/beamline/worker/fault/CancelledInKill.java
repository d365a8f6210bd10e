package io.beamline.worker.fault;

import io.beamline.worker.support.Assignments;
import io.beamline.worker.support.WorkerProcess;
import io.nats.client.JetStreamApiException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * The steps of a run are cancelled while a worker is killed. With cancellation on, those without a
 * result end as cancelled, each once; with it off nothing happens to them.
 */
record CancelledInKill() implements Fault {

  private static final int STEPS = 120;
  private static final long STEP_MS = 1_500;

  @Override
  public String title() {
    return "16 cancelled while workers die";
  }

  @Override
  public Plan plan(Plan standard) {
    return standard.workers(2);
  }

  @Override
  public void strike(Site site, Strikes strikes) throws IOException, JetStreamApiException {
    String run = UUID.randomUUID().toString();
    List<Assignments> steps =
        Stream.generate(() -> Assignments.sleep(STEP_MS).correlated()).limit(STEPS).toList();
    steps.forEach(step -> step.json().withObject("correlation").put("run_id", run));
    List<String> ids =
        site.load().assignAll(steps, site.flags().on() ? Expected.ANY_RESULT : Expected.SUCCESS);
    Pause.of(Duration.ofSeconds(2));
    site.fleet().get(0).kill9();
    cancel(site, run);
    WorkerProcess again = site.fleet().replace(0);
    site.router().awaitAll(ids, Duration.ofSeconds(60));
    again.awaitReady();
    long cancelled =
        ids.stream().filter(id -> site.router().answer(id).status().equals("cancelled")).count();
    strikes.count(
        site.flags().on() ? "cancelled" : "not cancelled",
        site.flags().on() ? cancelled : STEPS - cancelled);
    strikes.check(
        site.flags().on() ? cancelled > STEPS / 2 : cancelled == 0,
        cancelled + " of " + STEPS + " are cancelled");
  }

  private static void cancel(Site site, String run) throws IOException, JetStreamApiException {
    String request =
        "{\"version\": \"1\", \"tenant_id\": \"tenant-a\", \"run_id\": \"%s\"}".formatted(run);
    site.router()
        .connection()
        .jetStream()
        .publish("caf.exec.cancel.v1", request.getBytes(StandardCharsets.UTF_8));
  }
}
