package io.beamline.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.beamline.worker.support.Answer;
import io.beamline.worker.support.Assignments;
import io.beamline.worker.support.FeatureSwitch;
import io.beamline.worker.support.NatsServer;
import io.beamline.worker.support.RouterStandIn;
import io.beamline.worker.support.WorkerProcess;
import io.nats.client.Connection;
import io.nats.client.JetStreamManagement;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/**
 * A share of 10 000 assignments with fixed ids, run by one worker after the other. Both lie beyond
 * 50 % (worker-2 at 56.7, worker-3 at 57.3), so that the queue flag, which is on for a worker as a
 * whole, is off in them, and cp_phase tells of the share of the assignments.
 */
@Tag("long")
class GradualShareIT {

  private static final Duration SOON = Duration.ofMinutes(2);
  private static final List<String> FLAGS =
      List.of(
          "CP2_ADVANCED_RETRY_ENABLED",
          "CP2_COMPLETE_TIMEOUT_ENABLED",
          "CP2_QUEUE_MANAGEMENT_ENABLED");
  private static final List<String> IDS =
      IntStream.range(0, 10_000).mapToObj("share-%05d"::formatted).toList();

  @Test
  void takesTheSameOnesOnEveryWorkerAndAfterARestartAndNobodyFallsBack() throws Exception {
    try (NatsServer nats = NatsServer.start()) {
      Set<String> quarter = cp2(nats, "worker-2", flags -> share(flags, "25"));
      assertThat(quarter.size()).isBetween(2_400, 2_600);

      assertThat(cp2(nats, "worker-3", flags -> {})).isEqualTo(quarter);

      Set<String> half = cp2(nats, "worker-2", flags -> share(flags, "50"));
      assertThat(half.size()).isBetween(4_900, 5_100);
      assertThat(half).containsAll(quarter);
    }
  }

  private static void share(FeatureSwitch flags, String percentage) {
    FLAGS.forEach(flag -> flags.gradual(flag, percentage));
  }

  /** The ids that carry cp2 when a worker, started for this, has run them all. */
  private static Set<String> cp2(NatsServer nats, String worker, Consumer<FeatureSwitch> flags)
      throws Exception {
    try (WorkerProcess process =
            WorkerProcess.of(nats.url())
                .env("WORKER_ID", worker)
                .env("WORKER_FEATURES_STORE", "nats-kv")
                .start();
        RouterStandIn router = RouterStandIn.connect(nats.url())) {
      flags.accept(new FeatureSwitch(process));
      router.awaitAll(
          router.assignAll(IDS.stream().map(id -> Assignments.echo().id(id)).toList()), SOON);
      router.assertClean();
      Set<String> cp2 =
          IDS.stream().filter(id -> isCp2(router.answer(id))).collect(Collectors.toSet());
      assertThat(process.metric("worker_step_executions_total", "cp_phase=\"cp2\""))
          .isEqualTo(cp2.size());
      assertThat(process.metric("worker_step_executions_total")).isEqualTo(IDS.size());
      return cp2;
    } finally {
      forgetAllButTheFlags(nats);
    }
  }

  /** With all flags of the share, or with none. */
  private static boolean isCp2(Answer answer) {
    assertThat(answer.status()).isEqualTo("success");
    boolean cp2 = answer.result().orElseThrow().header("cp_phase").orElse("").equals("cp2");
    JsonNode result = answer.resultJson();
    assertThat(result.has("attempts")).isEqualTo(cp2);
    assertThat(result.has("elapsed_ms")).isEqualTo(cp2);
    assertThat(result.has("queue_depth")).isFalse();
    return cp2;
  }

  /** Or the server would drop the next worker's results as duplicates. */
  private static void forgetAllButTheFlags(NatsServer nats) throws Exception {
    try (Connection connection = nats.connect()) {
      JetStreamManagement management = connection.jetStreamManagement();
      for (String stream : management.getStreamNames()) {
        if (!stream.startsWith("KV_")) {
          management.deleteStream(stream);
        }
      }
    }
  }
}
