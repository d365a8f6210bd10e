package io.beamline.worker.fault;

import io.beamline.worker.support.Answer;
import io.beamline.worker.support.Assignments;
import java.time.Duration;
import java.util.List;

/** Steps whose block dies of an error: each has its result and its dead letter at once. */
record DeadlyBlock() implements Fault {

  private static final Duration SOON = Duration.ofSeconds(20);
  private static final List<String> TYPES =
      List.of("poison.assert", "poison.stack", "poison.memory");

  @Override
  public String title() {
    return "05 block dies of an Error";
  }

  @Override
  public Plan plan(Plan standard) {
    return standard.poison().jvm("-Xmx256m");
  }

  @Override
  public void strike(Site site, Strikes strikes) {
    for (int round = 0; round < 3; round++) {
      for (String type : TYPES) {
        String id = site.load().assign(Assignments.of(type), Expected.FAILURE).join();
        Answer answer = site.router().awaitResult(id, SOON);
        strikes.check(
            answer.errorCode().equals("INTERNAL_ERROR"), type + " ended as " + answer.errorCode());
        strikes.check(
            answer.resultJson().path("retries_used").intValue(-1) == 0, type + " was retried");
      }
    }
    strikes.check(site.fleet().get(0).alive(), "the worker died");
  }

  @Override
  public void review(Site site, Tally tally, Strikes strikes) {
    TYPES.forEach(type -> strikes.count(type, failed(tally, type)));
  }

  private static long failed(Tally tally, String type) {
    return tally.deadLetters().stream()
        .filter(letter -> letter.message().text("reason").equals("failed"))
        .filter(letter -> letter.message().json().at("/job/type").stringValue("").equals(type))
        .count();
  }
}
