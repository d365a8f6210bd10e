package io.beamline.worker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.beamline.worker.support.Answer;
import io.beamline.worker.support.Assignments;
import io.beamline.worker.support.CommandProcess;
import io.beamline.worker.support.ForwardProxy;
import io.beamline.worker.support.FreePort;
import io.beamline.worker.support.Misbehaviour;
import io.beamline.worker.support.Operator;
import io.beamline.worker.support.Rig;
import java.io.IOException;
import java.util.Base64;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** HTTP steps of the built jar through a proxy that demands a login. */
class HttpProxyIT {

  private static final String SECRET = "pr0xy-s3cr3t";

  private static ForwardProxy proxy;
  private static Rig rig;

  @BeforeAll
  static void start() {
    proxy = ForwardProxy.start();
    rig =
        Rig.start(
            worker ->
                worker
                    .env("WORKER_BLOCKS_HTTP_PROXY_URL", proxy.url())
                    .env("WORKER_BLOCKS_HTTP_PROXY_USERNAME", "worker")
                    .env("WORKER_BLOCKS_HTTP_PROXY_PASSWORD", SECRET + "\n")
                    .env("WORKER_BLOCKS_HTTP_PROXY_NO_PROXY", "192.0.2.0/24,*.bypassed.example")
                    .env("WORKER_BLOCKS_HTTP_DENIED_HOSTS", "10.0.0.0/8")
                    .env("CP2_ADVANCED_RETRY_ENABLED", "true")
                    .env("CP2_CIRCUIT_BREAKER_ENABLED", "true"));
  }

  @AfterAll
  static void stop() throws IOException {
    rig.close();
    proxy.close();
  }

  @BeforeEach
  void startServer() {
    proxy.demanding("worker", SECRET);
    rig.freshServer();
    rig.server().always(Misbehaviour.answer(200, "in"));
  }

  @Test
  void reachTheirServersAndKeepTheirDestinations() {
    int port = rig.server().port();

    assertThat(rig.answerTo(rig.get("/")).status()).isEqualTo("success");

    assertThat(proxy.asked()).contains("CONNECT 127.0.0.1:" + port);
    assertThat(new Operator(rig.worker()).get("/actuator/destinations").body())
        .contains("localhost:" + port)
        .doesNotContain(":" + proxy.port() + "\"");
  }

  @Test
  void askTheProxyForNothingThatIsDenied() {
    int asked = proxy.asked().size();
    for (String url :
        new String[] {"http://10.1.2.3/", "https://10.1.2.3/", "http://169.254.169.254/latest"}) {
      assertThat(rig.answerTo(Assignments.http(url)).errorCode()).isEqualTo("PERMISSION_DENIED");
    }
    assertThat(proxy.asked()).hasSize(asked);
  }

  @Test
  void endWithoutASecretWhenTheProxyRefusesTheLogin() {
    proxy.demanding("worker", "another");

    Answer answer = rig.answerTo(rig.get("/"));

    assertThat(answer.errorCode()).isEqualTo("NETWORK_ERROR");
    assertThat(answer.resultJson().at("/error/details/proxy_status").intValue(0)).isEqualTo(407);
    assertThat(answer.resultJson().path("retries_used").intValue()).isZero();
    String login = Base64.getEncoder().encodeToString(("worker:" + SECRET).getBytes(UTF_8));
    assertThat(answer.resultJson().toString() + rig.worker().log() + rig.worker().metrics())
        .doesNotContain(SECRET, login);
  }

  @Test
  void areCheckedBeforeTheStart() throws Exception {
    CommandProcess check =
        CommandProcess.run(
            rig.nats().url(), "--check", "--worker.blocks.http.proxy.url=" + proxy.url());
    assertThat(check.stdout()).contains("ok      proxy " + proxy.url() + ": accepts connections");
    String closed = "http://127.0.0.1:" + FreePort.find();
    check =
        CommandProcess.run(rig.nats().url(), "--check", "--worker.blocks.http.proxy.url=" + closed);
    assertThat(check.exitCode()).isEqualTo(1);
    assertThat(check.stdout()).contains("fault   proxy " + closed);
    check =
        CommandProcess.run(
            rig.nats().url(),
            "--check",
            "--worker.blocks.http.proxy.url=http://worker:" + SECRET + "@proxy:3128");
    assertThat(check.exitCode()).isEqualTo(1);
    assertThat(check.stdout())
        .contains(
            "fault   settings: worker.blocks.http.proxy.url is '(hidden)', but must be"
                + " http://host:port")
        .doesNotContain(SECRET);
  }
}
