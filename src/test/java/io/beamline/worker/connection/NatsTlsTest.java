package io.beamline.worker.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.beamline.worker.support.Authority;
import io.beamline.worker.support.LogLines;
import io.beamline.worker.support.MountedSecret;
import io.beamline.worker.support.NatsServer;
import io.beamline.worker.support.RouterStandIn;
import io.beamline.worker.support.ScriptedBlock;
import io.beamline.worker.support.Subjects;
import io.beamline.worker.support.WorkerSlice;
import io.nats.client.Options;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.ssl.SslBundles;

/** TLS with a real server: whom the worker trusts, and how it says whom it does not. */
class NatsTlsTest {

  private static final Duration SOON = Duration.ofSeconds(30);
  private static final List<ScriptedBlock> BLOCKS = ScriptedBlock.of(call -> ScriptedBlock.DONE);

  private static @Nullable Authority ours;
  private static @Nullable Authority foreign;

  @BeforeAll
  static void makeCertificates(@TempDir Path folder) throws Exception {
    Authority made = Authority.in(folder.resolve("ours"));
    made.issue("server", "dns:localhost");
    made.issue("elsewhere", "dns:elsewhere.example");
    made.issue("worker", "dns:worker.example");
    ours = made;
    Authority other = Authority.in(folder.resolve("foreign"));
    other.issue("server", "dns:localhost");
    other.issue("worker", "dns:worker.example");
    foreign = other;
  }

  @Test
  void aTrustStoreAloneIsEnough() {
    try (NatsServer nats = NatsServer.start(ours().natsTls("server", ""));
        WorkerSlice tls = worker("tls", nats, trust())) {
      proveAnswers(nats, tls);
    }
    try (NatsServer nats = NatsServer.start(ours().natsTls("server", ""));
        WorkerSlice plain = worker("nats", nats, trust())) {
      proveAnswers(nats, plain);
    }
  }

  @Test
  void aSignerThatIsNotTrustedIsRefusedUntilTheServerShowsAnotherCertificate() {
    try (NatsServer nats = NatsServer.start(foreign().natsTls("server", ""));
        LogLines lines = new LogLines();
        WorkerSlice worker = worker("tls", nats, trust())) {
      awaitTrouble(worker, lines, "nobody trusted has signed the server's certificate");

      nats.reconfigure(ours().natsTls("server", ""));
      nats.restart();
      proveAnswers(nats, worker);
      assertThat(lines.all()).noneMatch(line -> line.contains(Authority.PASSWORD));
    }
  }

  @Test
  void withoutATrustStoreTheSignersOfTheJvmAreTrustedOnly() {
    try (NatsServer nats = NatsServer.start(ours().natsTls("server", ""));
        LogLines lines = new LogLines();
        WorkerSlice worker = worker("tls", nats, List.of())) {
      awaitTrouble(worker, lines, "nobody trusted has signed the server's certificate");
    }
  }

  @Test
  void aCertificateForAnotherHostIsRefused() {
    try (NatsServer nats = NatsServer.start(ours().natsTls("elsewhere", ""));
        LogLines lines = new LogLines();
        WorkerSlice worker = worker("tls", nats, trust())) {
      awaitTrouble(worker, lines, "the server's certificate is for none of [localhost]");
    }
  }

  @Test
  void theWorkerShowsACertificateToAServerThatWantsOne() {
    try (NatsServer nats = NatsServer.start(ours().natsTls("server", "verify: true"));
        WorkerSlice worker = worker("tls", nats, trustAndKey())) {
      proveAnswers(nats, worker);
    }
  }

  @Test
  void aServerThatWantsACertificateRefusesAWorkerWithoutOne() {
    try (NatsServer nats = NatsServer.start(ours().natsTls("server", "verify: true"));
        LogLines lines = new LogLines();
        WorkerSlice worker = worker("tls", nats, trust())) {
      awaitTrouble(worker, lines, "wants a certificate of the worker");
    }
  }

  @Test
  void aBundleOfPemFilesIsEnough() {
    try (NatsServer nats = NatsServer.start(ours().natsTls("server", "verify: true"));
        WorkerSlice plain = worker("nats", nats, bundled(ours().bundle("own", "worker")))) {
      proveAnswers(nats, plain);
    }
  }

  @Test
  void aBundleOfStoresIsEnough() {
    String stores = "spring.ssl.bundle.jks.own.";
    List<String> bundle =
        List.of(
            stores + "truststore.location=" + ours().trustStore(),
            stores + "truststore.password=" + Authority.PASSWORD,
            stores + "keystore.location=" + ours().keyStore("worker"),
            stores + "keystore.password=" + Authority.PASSWORD);
    try (NatsServer nats = NatsServer.start(ours().natsTls("server", "verify: true"));
        WorkerSlice worker = worker("tls", nats, bundled(bundle))) {
      proveAnswers(nats, worker);
    }
  }

  @Test
  void aBundleTrustsAndShowsOnlyWhatIsInIt() {
    try (NatsServer nats = NatsServer.start(foreign().natsTls("server", ""));
        LogLines lines = new LogLines();
        WorkerSlice worker = worker("tls", nats, bundled(ours().bundle("own", "")))) {
      awaitTrouble(worker, lines, "nobody trusted has signed the server's certificate");
    }
    try (NatsServer nats = NatsServer.start(ours().natsTls("elsewhere", ""));
        LogLines lines = new LogLines();
        WorkerSlice worker = worker("tls", nats, bundled(ours().bundle("own", "")))) {
      awaitTrouble(worker, lines, "the server's certificate is for none of [localhost]");
    }
    try (NatsServer nats = NatsServer.start(ours().natsTls("server", "verify: true"));
        LogLines lines = new LogLines();
        WorkerSlice worker = worker("tls", nats, bundled(ours().bundle("own", "")))) {
      awaitTrouble(worker, lines, "wants a certificate of the worker");
    }
  }

  @Test
  void aNewConnectionUsesTheRenewedFilesOfAMountedSecret(@TempDir Path folder) throws Exception {
    MountedSecret secret = MountedSecret.of(folder.resolve("tls"), foreign(), "worker");
    try (NatsServer nats = NatsServer.start(ours().natsTls("server", "verify: true"));
        LogLines lines = new LogLines();
        WorkerSlice worker = worker("tls", nats, bundled(secret.bundle("own")))) {
      awaitTrouble(worker, lines, "nobody trusted has signed the server's certificate");

      secret.update(ours(), "worker");
      proveAnswers(nats, worker);

      secret.update(foreign(), "worker");
      awaitDefect(worker);
      nats.restart();
      awaitTrouble(worker, lines, "nobody trusted has signed the server's certificate");
    }
  }

  /** Waits until the worker has read the files again. */
  private static void awaitDefect(WorkerSlice worker) {
    SslBundles bundles = worker.bean(SslBundles.class);
    await()
        .atMost(SOON)
        .untilAsserted(
            () ->
                assertThat(
                        Objects.requireNonNull(bundles.getBundle("own").getStores().getTrustStore())
                            .getCertificate("ssl"))
                    .isEqualTo(foreign().signer()));
  }

  private static List<String> bundled(List<String> bundle) {
    List<String> properties = new ArrayList<>(bundle);
    properties.add("worker.nats.ssl-bundle=own");
    return properties;
  }

  @Test
  void saysThatOnlyOneSideWantsTls() {
    try (NatsServer nats = NatsServer.start(ours().natsTls("server", ""));
        LogLines lines = new LogLines();
        WorkerSlice plain = worker("nats", nats, List.of())) {
      awaitTrouble(plain, lines, "SSL required by server");
    }
    try (NatsServer nats = NatsServer.start();
        LogLines lines = new LogLines();
        WorkerSlice tls = worker("tls", nats, trust())) {
      awaitTrouble(tls, lines, "SSL connection wanted by client");
    }
  }

  private static void awaitTrouble(WorkerSlice worker, LogLines lines, String cause) {
    NatsSessions sessions = worker.bean(NatsSessions.class);
    await()
        .atMost(SOON)
        .untilAsserted(() -> assertThat(sessions.problem()).contains("Unable to connect", cause));
    await()
        .atMost(SOON)
        .untilAsserted(
            () ->
                assertThat(lines.warnings())
                    .anyMatch(line -> line.contains("cannot be used yet") && line.contains(cause)));
    assertThat(worker.session()).isNull();
  }

  private static void proveAnswers(NatsServer nats, WorkerSlice worker) {
    await().atMost(SOON).untilAsserted(() -> assertThat(worker.session()).isNotNull());
    Options options =
        Options.builder()
            .server(url("tls", nats))
            .truststorePath(ours().trustStore().toString())
            .truststorePassword(Authority.PASSWORD.toCharArray())
            .keystorePath(ours().keyStore("worker").toString())
            .keystorePassword(Authority.PASSWORD.toCharArray())
            .build();
    try (RouterStandIn router = RouterStandIn.connect(options, Subjects.STANDARD)) {
      String id = router.assign(ScriptedBlock.assignment());
      assertThat(router.awaitResult(id, SOON).status()).isEqualTo("success");
      router.assertClean();
    }
  }

  private static WorkerSlice worker(String scheme, NatsServer nats, List<String> properties) {
    return WorkerSlice.upTo("intake", url(scheme, nats), BLOCKS, properties.toArray(String[]::new));
  }

  private static List<String> trust() {
    return List.of(
        "nats.spring.trust-store-path=" + ours().trustStore(),
        "nats.spring.trust-store-password=" + Authority.PASSWORD);
  }

  private static List<String> trustAndKey() {
    List<String> properties = new ArrayList<>(trust());
    properties.add("nats.spring.key-store-path=" + ours().keyStore("worker"));
    properties.add("nats.spring.key-store-password=" + Authority.PASSWORD);
    return properties;
  }

  private static String url(String scheme, NatsServer nats) {
    return scheme + "://localhost:" + nats.port();
  }

  private static Authority ours() {
    return Objects.requireNonNull(ours);
  }

  private static Authority foreign() {
    return Objects.requireNonNull(foreign);
  }
}
