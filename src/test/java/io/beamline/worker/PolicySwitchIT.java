package io.beamline.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.beamline.worker.support.Answer;
import io.beamline.worker.support.Assignments;
import io.beamline.worker.support.FeatureSwitch;
import io.beamline.worker.support.NatsServer;
import io.beamline.worker.support.RouterStandIn;
import io.beamline.worker.support.WorkerProcess;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Workers with different rejection policies share a load that is too much for them, while their
 * flags flip and each is replaced by one with another policy: each assignment has one ack and one
 * result.
 */
@Tag("long")
class PolicySwitchIT {

  private static final Duration SOON = Duration.ofMinutes(3);
  private static final String FLAG = "CP2_QUEUE_MANAGEMENT_ENABLED";
  private static final List<String> POLICIES = List.of("hold", "reject_new", "drop_oldest");
  private static final int ROUNDS = 18;
  private static final int BATCH = 200;

  @Test
  void everyAssignmentHasOneAckAndOneResult() {
    List<WorkerProcess> fleet = new ArrayList<>();
    try (NatsServer nats = NatsServer.start();
        RouterStandIn router = RouterStandIn.connect(nats.url())) {
      POLICIES.forEach(policy -> fleet.add(worker(nats, policy).start()));
      List<String> ids = new ArrayList<>();
      for (int round = 0; round < ROUNDS; round++) {
        ids.addAll(router.assignAll(batch()));
        int place = round % fleet.size();
        if (round % 4 == 3) {
          String policy = POLICIES.get((place + round) % POLICIES.size());
          try (WorkerProcess leaver = fleet.set(place, worker(nats, policy).start())) {
            leaver.sigterm();
            assertThat(leaver.awaitExit(SOON)).isIn(0, 143);
          }
        } else {
          new FeatureSwitch(fleet.get(place)).set(FLAG, round / fleet.size() % 2 == 1);
        }
        Awaitility.await().atMost(SOON).until(() -> router.unanswered(ids).size() < 2 * BATCH);
      }

      router.awaitAll(ids, SOON);
      assertThat(router.streams().stored("caf.exec.assign.v1.ack")).isEqualTo(ids.size());
      assertThat(router.streams().stored("caf.exec.result.v1")).isEqualTo(ids.size());
      assertThat(router.deadLetters()).isEmpty();
      Map<String, Long> reasons =
          ids.stream()
              .map(router::answer)
              .map(Answer::ackReason)
              .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
      System.out.printf("%d assignments, acks by reason: %s%n", ids.size(), reasons);
      assertThat(reasons).containsKeys("queue_full", "unsupported_job_type");
      assertThat(ids)
          .allMatch(id -> router.answer(id).status().equals(expected(router.answer(id))));
      router.assertClean();
    } finally {
      fleet.forEach(WorkerProcess::close);
    }
  }

  /** What was accepted succeeds, or was dropped for a newer step. */
  private static String expected(Answer answer) {
    boolean refused =
        answer.ackStatus().equals("rejected") || answer.errorCode().equals("SYSTEM_OVERLOAD");
    return refused ? "error" : "success";
  }

  private static List<Assignments> batch() {
    return IntStream.range(0, BATCH)
        .mapToObj(
            i ->
                switch (i % 4) {
                  case 0 -> Assignments.echo();
                  case 1 -> i % 40 == 1 ? Assignments.of("no.such.type") : Assignments.echo();
                  default -> Assignments.sleep(20);
                })
        .toList();
  }

  private static WorkerProcess.Builder worker(NatsServer nats, String policy) {
    return WorkerProcess.of(nats.url())
        .env(FLAG, "true")
        .env("WORKER_QUEUE_REJECTION_POLICY", policy)
        .env("WORKER_QUEUE_RESULT_ON_REJECTION", "true")
        .env("WORKER_POOLS_CPU_CONCURRENCY", "2")
        .env("WORKER_POOLS_CPU_MAX_QUEUE_SIZE", "20")
        .env("WORKER_SHUTDOWN_GRACE", "5s");
  }
}
