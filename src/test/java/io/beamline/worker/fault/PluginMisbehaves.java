package io.beamline.worker.fault;

import io.beamline.worker.support.Answer;
import io.beamline.worker.support.Assignments;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;

/**
 * Blocks of a plug-in throw what they should not, return what no result can show and, with all
 * flags, never end. Only their own steps fail; a loop keeps its slot and is counted.
 */
record PluginMisbehaves() implements Fault {

  private static final List<String> TYPES =
      List.of(
          "rogue.exception",
          "rogue.stack",
          "rogue.missing",
          "rogue.null",
          "rogue.array",
          "rogue.unwritable");
  private static final Duration SOON = Duration.ofSeconds(30);

  @Override
  public String title() {
    return "19 plug-in misbehaves";
  }

  @Override
  public Plan plan(Plan standard) {
    return standard.roguePlugin();
  }

  @Override
  public void strike(Site site, Strikes strikes) {
    for (String type : TYPES) {
      String id = site.load().assign(Assignments.of(type).maxAttempts(1), Expected.FAILURE).join();
      Answer answer = site.router().awaitResult(id, SOON);
      strikes.check(
          answer.errorCode().equals("INTERNAL_ERROR"), type + " ended as " + answer.errorCode());
      strikes.count("failed", 1);
    }
    if (site.flags().on()) {
      Assignments loop =
          Assignments.of("rogue.loop").input("ms", 20_000).deadlineMs(1_000).maxAttempts(1);
      String id = site.load().assign(loop, Expected.FAILURE).join();
      strikes.check(
          site.router().awaitResult(id, SOON).status().equals("timeout"), "the loop did not end");
      Awaitility.await().atMost(SOON).until(() -> site.sum("worker_stuck_attempts") == 1);
      strikes.count("stuck", 1);
    }
    strikes.check(site.fleet().get(0).alive(), "the worker died");
  }
}
