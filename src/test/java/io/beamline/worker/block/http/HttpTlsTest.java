package io.beamline.worker.block.http;

import static io.beamline.worker.contract.ErrorCode.NETWORK_ERROR;
import static org.assertj.core.api.Assertions.assertThat;

import io.beamline.worker.contract.StepError;
import io.beamline.worker.support.MisbehavingHttpServer;
import io.beamline.worker.support.Misbehaviour;
import io.beamline.worker.support.SelfSigned;
import io.netty.handler.ssl.SslContextBuilder;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class HttpTlsTest {

  private static @Nullable SelfSigned made;

  @BeforeAll
  static void makeCertificate(@TempDir Path folder) throws Exception {
    made = SelfSigned.forHost("localhost", folder);
  }

  @Test
  void talksToAServerItTrusts() throws Exception {
    try (MisbehavingHttpServer server = server();
        HttpFixture http = trusting()) {
      assertThat(http.outputs("{\"url\": \"" + server.url("/") + "\"}"))
          .containsEntry("body", "in");
    }
  }

  @Test
  void aSchemeInUpperCaseMeansTlsToo() throws Exception {
    try (MisbehavingHttpServer server = server();
        HttpFixture http = trusting()) {
      String url = server.url("/").replace("https:", "HTTPS:");

      assertThat(http.outputs("{\"url\": \"" + url + "\"}")).containsEntry("body", "in");
    }
  }

  @Test
  void aCertificateNobodySignedIsRefusedForGood() throws Exception {
    try (MisbehavingHttpServer server = server();
        HttpFixture http = HttpFixture.plain()) {
      assertBadCertificate(http.failure(server.url("/")).error());
      assertThat(server.requests()).isEmpty();
    }
  }

  @Test
  void aCertificateOfAnotherHostIsRefusedForGood() throws Exception {
    try (MisbehavingHttpServer server = server();
        HttpFixture http = trusting()) {
      String url = server.url("/").replace("localhost", "other.example");

      assertBadCertificate(http.failure(url).error());
      assertThat(server.requests()).isEmpty();
    }
  }

  @Test
  void aServerThatSpeaksNoTlsIsANetworkError() throws Exception {
    try (MisbehavingHttpServer server = MisbehavingHttpServer.start();
        HttpFixture http = HttpFixture.plain()) {
      server.always(Misbehaviour.raw("HTTP/1.1 400 Bad\r\n\r\n"));

      StepError error = http.failure(server.url("/").replace("http:", "https:")).error();

      assertThat(error.code()).isEqualTo(NETWORK_ERROR);
      assertThat(error.retryable()).isTrue();
    }
  }

  private static void assertBadCertificate(StepError error) {
    assertThat(error.code()).isEqualTo(NETWORK_ERROR);
    assertThat(error.message()).isEqualTo("The server's certificate is not valid");
    assertThat(error.retryable()).isFalse();
  }

  private static MisbehavingHttpServer server() throws Exception {
    return MisbehavingHttpServer.startTls(Objects.requireNonNull(made).serverSockets())
        .always(Misbehaviour.answer(200, "in"));
  }

  private static HttpFixture trusting() throws Exception {
    return new HttpFixture(
        HttpFixture.LOOPBACK,
        HttpFixture.NO_RULES,
        SslContextBuilder.forClient()
            .trustManager(Objects.requireNonNull(made).certificate())
            .build());
  }
}
