package io.beamline.worker.chart;

import static org.assertj.core.api.Assertions.assertThat;

import io.beamline.worker.chart.CustomResources.PrometheusRule.Rule;
import io.beamline.worker.support.Answer;
import io.beamline.worker.support.Assignments;
import io.beamline.worker.support.Authority;
import io.beamline.worker.support.NatsServer;
import io.beamline.worker.support.RouterStandIn;
import io.beamline.worker.support.Subjects;
import io.beamline.worker.support.WorkerProcess;
import io.nats.client.Options;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The chart's files and variables start the built jar, on a server that has what NOTES.txt says and
 * nothing more, and that wants a login and a certificate.
 */
class ChartIT {

  private static final Duration SOON = Duration.ofSeconds(30);

  private static NatsServer nats;
  private static RouterStandIn router;
  private static WorkerProcess worker;

  @BeforeAll
  static void installChart(@TempDir Path folder) throws Exception {
    Authority authority = Authority.in(folder.resolve("authority"));
    authority.issue("server", "dns:localhost");
    authority.issue("worker", "dns:worker.example");
    nats =
        NatsServer.start(
            authority.natsTls("server", "verify: true"),
            "authorization: {user: w, password: nats-password}");
    router = router(authority);
    String values = values(authority);
    NatsCommands.run(Chart.notes(values), router.connection());
    PodStandIn pod =
        new PodStandIn(Manifests.of(Chart.render(values)), folder, "rel-beamline-worker-0");
    pod.mount();
    WorkerProcess.Builder builder = WorkerProcess.of("nats://127.0.0.1:1");
    pod.environment().forEach(builder::env);
    // The image has the folder of plug-ins, empty.
    Path plugins = Files.createDirectory(folder.resolve("plugins"));
    worker = builder.env("WORKER_PLUGINS_DIRECTORY", plugins.toString()).start();
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
    var flags = worker.managementUri("/actuator/togglz");
    assertThat(worker.get(flags, "operator", "admin-password").statusCode()).isEqualTo(200);
    assertThat(worker.get(flags, "operator", WorkerProcess.ADMIN_PASSWORD).statusCode())
        .isEqualTo(401);
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

  private static RouterStandIn router(Authority authority) {
    return RouterStandIn.connect(
        Options.builder()
            .server("tls://localhost:" + nats.port())
            .userInfo("w", "nats-password")
            .truststorePath(authority.trustStore().toString())
            .truststorePassword(Authority.PASSWORD.toCharArray())
            .keystorePath(authority.keyStore("worker").toString())
            .keystorePassword(Authority.PASSWORD.toCharArray())
            .build(),
        Subjects.STANDARD);
  }

  private static String values(Authority authority) throws IOException {
    return """
    nats:
      server: tls://localhost:%d
      auth: {method: user, username: w, password: nats-password}
      tls:
        trustStore: {enabled: true, content: %s, password: %s}
        keyStore: {enabled: true, content: %s, password: %s}
    flags:
      CP2_ADVANCED_RETRY_ENABLED: true
      CP2_COMPLETE_TIMEOUT_ENABLED: true
      CP2_QUEUE_MANAGEMENT_ENABLED: true
    worker:
      pools: {io: {maxQueueSize: 77}}
      blocks: {sql: {datasources: {mem: {url: "jdbc:h2:mem:chart"}}}}
      admin: {username: operator, password: admin-password}
    """
        .formatted(
            nats.port(),
            base64(authority.trustStore()),
            Authority.PASSWORD,
            base64(authority.keyStore("worker")),
            Authority.PASSWORD);
  }

  private static String base64(Path file) throws IOException {
    return Base64.getEncoder().encodeToString(Files.readAllBytes(file));
  }
}
