package io.beamline.worker.block.http;

import static io.beamline.worker.contract.ErrorCode.NETWORK_ERROR;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.beamline.worker.block.Block;
import io.beamline.worker.block.StepFailure;
import io.beamline.worker.contract.RawJson;
import io.beamline.worker.support.Authority;
import io.beamline.worker.support.Calls;
import io.beamline.worker.support.MisbehavingHttpServer;
import io.beamline.worker.support.Misbehaviour;
import io.beamline.worker.support.MountedSecret;
import io.beamline.worker.timeout.Deadline;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** HTTP steps with a bundle, at a server that demands a certificate of a private authority. */
@Timeout(60)
class HttpBundleTest {

  private static @Nullable Authority ours;
  private static @Nullable Authority foreign;

  private final ApplicationContextRunner context = HttpRoom.context();

  @BeforeAll
  static void makeCertificates(@TempDir Path folder) throws Exception {
    Authority made = Authority.in(folder.resolve("ours"));
    made.issue("server", "dns:localhost");
    made.issue("worker", "dns:worker.example");
    ours = made;
    Authority other = Authority.in(folder.resolve("foreign"));
    other.issue("worker", "dns:worker.example");
    foreign = other;
  }

  @Test
  void showsItsCertificateAndTrustsTheAuthority() throws Exception {
    try (MisbehavingHttpServer server = server()) {
      with(ours().bundle("own", "worker"))
          .run(worker -> assertThat(get(worker.getBean(Block.class), server)).isNull());
      assertThat(server.requests()).hasSize(1);
    }
  }

  @Test
  void isRefusedWithoutACertificateAndTrustsNobodyElse() throws Exception {
    try (MisbehavingHttpServer server = server()) {
      with(ours().bundle("own", ""))
          .run(
              worker -> {
                StepFailure failure = get(worker.getBean(Block.class), server);
                assertThat(Objects.requireNonNull(failure).error().code()).isEqualTo(NETWORK_ERROR);
              });
      with(foreign().bundle("own", "worker"))
          .run(
              worker -> {
                StepFailure failure = get(worker.getBean(Block.class), server);
                assertThat(Objects.requireNonNull(failure).error().message())
                    .isEqualTo("The server's certificate is not valid");
              });
      assertThat(server.requests()).isEmpty();
    }
  }

  @Test
  void usesTheRenewedFilesOfAMountedSecret(@TempDir Path folder) throws Exception {
    MountedSecret secret = MountedSecret.of(folder.resolve("tls"), foreign(), "worker");
    try (MisbehavingHttpServer server = server()) {
      with(secret.bundle("own"))
          .run(
              worker -> {
                Block block = worker.getBean(Block.class);
                assertThat(get(block, server)).isNotNull();

                secret.update(ours(), "worker");
                await()
                    .atMost(Duration.ofSeconds(30))
                    .untilAsserted(() -> assertThat(get(block, server)).isNull());

                secret.update(foreign(), "worker");
                await()
                    .atMost(Duration.ofSeconds(30))
                    .untilAsserted(() -> assertThat(get(block, server)).isNotNull());
              });
    }
  }

  @Test
  void trustsJavasAuthoritiesTooUnlessTheyAreTurnedOff() throws Exception {
    KeyStore own =
        KeyStore.getInstance(ours().trustStore().toFile(), Authority.PASSWORD.toCharArray());
    int java = issuers(null, true);
    assertThat(java).isGreaterThan(20);
    assertThat(issuers(null, false)).isEqualTo(java);
    assertThat(issuers(own, true)).isEqualTo(java + 1);
    assertThat(issuers(own, false)).isEqualTo(1);
  }

  @Test
  void aBundleThatThereIsNotStopsTheStart() {
    context
        .withPropertyValues("worker.blocks.http.ssl-bundle=other")
        .run(
            worker ->
                assertThat(worker)
                    .getFailure()
                    .hasMessageContaining("worker.blocks.http.ssl-bundle is 'other', but must be"));
    with(ours().bundle("own", ""))
        .withPropertyValues("spring.ssl.bundle.pem.own.options.ciphers=NO_SUCH")
        .run(
            worker ->
                assertThat(worker)
                    .getFailure()
                    .hasMessageContaining("worker.blocks.http.ssl-bundle is 'own', but must be"));
  }

  private ApplicationContextRunner with(List<String> bundle) {
    List<String> properties = new ArrayList<>(bundle);
    properties.add("worker.blocks.http.ssl-bundle=own");
    return context.withPropertyValues(properties.toArray(String[]::new));
  }

  private static int issuers(@Nullable KeyStore own, boolean javaAuthorities) throws Exception {
    return ((X509TrustManager) HttpTls.authorities(own, javaAuthorities).getTrustManagers()[0])
        .getAcceptedIssuers()
        .length;
  }

  /** The failure of a GET; null if it succeeded. */
  private static @Nullable StepFailure get(Block block, MisbehavingHttpServer server)
      throws Exception {
    try {
      block.run(
          Calls.of(
              HttpFixture.ASSIGNMENT,
              new RawJson("{\"url\": \"" + server.url("/") + "\"}"),
              HttpFixture.within(Duration.ofSeconds(10)),
              Deadline.never(),
              false));
      return null;
    } catch (StepFailure e) {
      return e;
    }
  }

  private static MisbehavingHttpServer server() throws Exception {
    return MisbehavingHttpServer.startTls(ours().demandingSockets("server"))
        .always(Misbehaviour.answer(200, "in"));
  }

  private static Authority ours() {
    return Objects.requireNonNull(ours);
  }

  private static Authority foreign() {
    return Objects.requireNonNull(foreign);
  }
}
