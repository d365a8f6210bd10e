package io.beamline.worker.fault;

import io.beamline.worker.support.Answer;
import io.beamline.worker.support.Assignments;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Steps whose results are larger than the server takes. */
record OversizedResult() implements Fault {

  private static final int MAX_PAYLOAD = 65_536;
  private static final int LARGE = 3 * MAX_PAYLOAD;
  private static final int ROUNDS = 10;

  @Override
  public String title() {
    return "09 result beyond max_payload";
  }

  @Override
  public Plan plan(Plan standard) {
    return standard.nats("max_payload: " + MAX_PAYLOAD);
  }

  @Override
  public void strike(Site site, Strikes strikes) throws Exception {
    Path file = Files.writeString(site.files().resolve("known-large"), "x".repeat(LARGE));
    for (int i = 0; i < ROUNDS; i++) {
      List<Assignments> steps =
          List.of(
              Assignments.http(site.pages().url("/large/" + LARGE + "/" + i)),
              Assignments.get(file.toString()));
      for (String id : site.load().assignAll(steps, Expected.FAILURE)) {
        Answer answer = site.router().awaitResult(id, Duration.ofSeconds(20));
        strikes.count("too large", answer.errorCode().equals("QUOTA_EXCEEDED") ? 1 : 0);
      }
    }
  }
}
