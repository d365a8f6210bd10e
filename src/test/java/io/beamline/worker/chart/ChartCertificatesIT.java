package io.beamline.worker.chart;

import static org.assertj.core.api.Assertions.assertThat;

import io.beamline.worker.support.Answer;
import io.beamline.worker.support.Assignments;
import io.beamline.worker.support.Authority;
import io.beamline.worker.support.MisbehavingHttpServer;
import io.beamline.worker.support.Misbehaviour;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The chart's files and variables start the built jar with certificates as cert-manager makes them,
 * on a NATS server and at an HTTPS server that demand them.
 */
class ChartCertificatesIT {

  private static final Duration SOON = Duration.ofSeconds(30);

  @Test
  void reachNatsAndServersThatDemandThem(@TempDir Path folder) throws Exception {
    Authority authority = Authority.in(folder.resolve("authority"));
    authority.issue("server", "dns:localhost");
    authority.issue("worker", "dns:worker.example");
    try (NatsServer nats = NatsServer.start(authority.natsTls("server", "verify: true"));
        MisbehavingHttpServer site =
            MisbehavingHttpServer.startTls(authority.demandingSockets("server"))
                .always(Misbehaviour.answer(200, "in"));
        RouterStandIn router = router(authority, nats)) {
      PodStandIn pod =
          new PodStandIn(
              Manifests.of(Chart.render(values(authority, nats))), folder, "rel-beamline-worker-0");
      pod.mount();
      WorkerProcess.Builder builder = WorkerProcess.of("nats://127.0.0.1:1");
      pod.environment().forEach(builder::env);
      Path plugins = Files.createDirectory(folder.resolve("plugins"));
      try (WorkerProcess worker =
          builder.env("WORKER_PLUGINS_DIRECTORY", plugins.toString()).start()) {
        Answer answer = router.awaitResult(router.assign(Assignments.http(site.url("/"))), SOON);
        assertThat(answer.status()).as(worker.log()).isEqualTo("success");
        router.assertClean();
        assertThat(worker.metrics()).contains("ssl_chain_expiry_seconds{", "worker_health_status");
      }
    }
  }

  private static RouterStandIn router(Authority authority, NatsServer nats) {
    return RouterStandIn.connect(
        Options.builder()
            .server("tls://localhost:" + nats.port())
            .truststorePath(authority.trustStore().toString())
            .truststorePassword(Authority.PASSWORD.toCharArray())
            .keystorePath(authority.keyStore("worker").toString())
            .keystorePassword(Authority.PASSWORD.toCharArray())
            .build(),
        Subjects.STANDARD);
  }

  private static String values(Authority authority, NatsServer nats) throws IOException {
    return """
    nats:
      server: tls://localhost:%d
      tls: {secretName: certificates}
    httpSteps: {tls: {secretName: certificates}}
    worker: {nats: {provision: true}}
    extraObjects:
      - apiVersion: v1
        kind: Secret
        type: kubernetes.io/tls
        metadata: {name: certificates}
        data: {ca.crt: %s, tls.crt: %s, tls.key: %s}
    """
        .formatted(
            nats.port(),
            base64(authority.authorityFile()),
            base64(authority.certificateFile("worker")),
            base64(authority.keyFile("worker")));
  }

  private static String base64(Path file) throws IOException {
    return Base64.getEncoder().encodeToString(Files.readAllBytes(file));
  }
}
