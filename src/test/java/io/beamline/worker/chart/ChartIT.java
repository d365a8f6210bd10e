package io.beamline.worker.chart;

import static org.assertj.core.api.Assertions.assertThat;

import io.beamline.worker.chart.CustomResources.PrometheusRule.Rule;
import io.beamline.worker.support.Answer;
import io.beamline.worker.support.Assignments;
import io.beamline.worker.support.NatsServer;
import io.beamline.worker.support.RouterStandIn;
import io.beamline.worker.support.WorkerProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The chart's configuration file starts the built jar, on a server that has what NOTES.txt says and
 * nothing more.
 */
class ChartIT {

  private static final Duration SOON = Duration.ofSeconds(30);

  private static NatsServer nats;
  private static RouterStandIn router;
  private static WorkerProcess worker;

  @BeforeAll
  static void installChart(@TempDir Path folder) throws IOException {
    nats = NatsServer.start();
    router = RouterStandIn.connect(nats.url());
    String values = values(nats.url());
    NatsCommands.run(Chart.notes(values), router.connection());
    Files.writeString(folder.resolve("application.yml"), Chart.applicationYml(values));
    worker =
        WorkerProcess.of("nats://127.0.0.1:1")
            .env("SPRING_CONFIG_ADDITIONAL_LOCATION", "file:" + folder + "/")
            .env("WORKER_ID", "rel-beamline-worker-0")
            .start();
  }

  @AfterAll
  static void uninstall() {
    worker.close();
    router.close();
    nats.close();
  }

  @Test
  void answersAnAssignment() {
    Answer answer = router.awaitResult(router.assign(Assignments.echo()), SOON);

    assertThat(answer.status()).isEqualTo("success");
    assertThat(answer.ack().orElseThrow().json().at("/metadata/worker_id").stringValue())
        .isEqualTo("rel-beamline-worker-0");
    router.assertClean();
  }

  @Test
  void runsWithWhatTheValuesSay() {
    assertThat(worker.metric("worker_feature_enabled")).isEqualTo(3);
    assertThat(worker.metric("worker_queue_capacity", "resource_pool=\"io\"")).isEqualTo(77);
  }

  @Test
  void exportsWhatTheAlertsAndTheDashboardAskFor() {
    List<String> scrape = worker.metrics().lines().toList();
    List<Selector> asked =
        Stream.concat(Alerts.all().stream().map(Rule::expr), Dashboard.expressions().stream())
            .flatMap(Selector::in)
            .distinct()
            .toList();
    assertThat(asked).hasSizeGreaterThan(40);
    assertThat(asked)
        .allSatisfy(
            selector -> assertThat(scrape).as(selector.toString()).anyMatch(selector::matches));
  }

  private static String values(String natsUrl) {
    return """
    nats: {server: "%s"}
    flags:
      CP2_ADVANCED_RETRY_ENABLED: true
      CP2_COMPLETE_TIMEOUT_ENABLED: true
      CP2_QUEUE_MANAGEMENT_ENABLED: true
    worker:
      pools: {io: {maxQueueSize: 77}}
    """
        .formatted(natsUrl);
  }
}
