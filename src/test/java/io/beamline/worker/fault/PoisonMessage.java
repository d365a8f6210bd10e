package io.beamline.worker.fault;

import io.beamline.worker.support.Assignments;
import io.beamline.worker.support.WorkerProcess;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;

/**
 * A step that kills its worker's whole process each time it runs. It ends once it was delivered too
 * often, and what was beside it is run all the same.
 */
record PoisonMessage(int maxDeliver) implements Fault {

  private static final Duration ONE_LIFE = Duration.ofMinutes(2);

  @Override
  public String title() {
    return "05 message kills the process";
  }

  @Override
  public Plan plan(Plan standard) {
    return standard
        .poison()
        .load(5)
        .env("WORKER_NATS_ACK_WAIT", "1s")
        .env("WORKER_NATS_MAX_DELIVER", String.valueOf(maxDeliver));
  }

  @Override
  public void strike(Site site, Strikes strikes) {
    String id =
        site.load().assign(Assignments.of("poison.kill").maxAttempts(1), Expected.FAILURE).join();
    while (site.router().answer(id).results() == 0) {
      WorkerProcess worker = site.fleet().get(0);
      Awaitility.await()
          .atMost(ONE_LIFE)
          .until(() -> !worker.alive() || site.router().answer(id).results() > 0);
      if (!worker.alive()) {
        strikes.count("deaths", 1);
        WorkerProcess unused = site.fleet().replace(0);
      }
    }
    site.fleet().get(0).awaitReady();
  }

  @Override
  public void review(Site site, Tally tally, Strikes strikes) {
    List<String> letters =
        tally.deadLetters().stream().map(letter -> letter.message().text("reason")).toList();
    strikes.check(letters.equals(List.of("max_deliver")), "dead letters " + letters);
    strikes.count("max_deliver", letters.size());
  }
}
