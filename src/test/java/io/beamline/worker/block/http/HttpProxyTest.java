package io.beamline.worker.block.http;

import static io.beamline.worker.contract.ErrorCode.CONNECTION_TIMEOUT;
import static io.beamline.worker.contract.ErrorCode.NETWORK_ERROR;
import static io.beamline.worker.contract.ErrorCode.PERMISSION_DENIED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.beamline.worker.block.StepFailure;
import io.beamline.worker.config.HttpBlockProperties.ProxyProperties;
import io.beamline.worker.config.HttpBlockProperties.ProxyTarget;
import io.beamline.worker.config.UnusableSettingException;
import io.beamline.worker.contract.StepError;
import io.beamline.worker.destination.AttemptVerdict;
import io.beamline.worker.observability.health.StartCheck.StartFinding;
import io.beamline.worker.observability.health.StartCheck.StartVerdict;
import io.beamline.worker.support.ForwardProxy;
import io.beamline.worker.support.FreePort;
import io.beamline.worker.support.MisbehavingHttpServer;
import io.beamline.worker.support.Misbehaviour;
import io.beamline.worker.support.ReceivedRequest;
import io.beamline.worker.support.SelfSigned;
import io.beamline.worker.timeout.Deadline;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** HTTP steps through a real proxy, which works, refuses, hangs, or is not there. */
@Timeout(30)
class HttpProxyTest {

  private static final String SECRET = "s3cr3t";
  private static @Nullable SelfSigned certificate;

  private final ForwardProxy proxy = ForwardProxy.start();
  private final MisbehavingHttpServer server =
      MisbehavingHttpServer.start().always(Misbehaviour.answer(200, "in"));

  @BeforeAll
  static void makeCertificate(@TempDir Path folder) throws Exception {
    certificate = SelfSigned.forHost("localhost", folder);
  }

  @AfterEach
  void close() throws IOException {
    proxy.close();
    server.close();
  }

  @ParameterizedTest
  @EnumSource
  void reachesAServerOverTlsByATunnel(ProxyTarget target) throws Exception {
    try (MisbehavingHttpServer secure = secure();
        HttpFixture http = http(HttpFixture.LOOPBACK, HttpFixture.NO_RULES, settings(target))) {
      assertThat(http.outputs(get(secure.url("/")))).containsEntry("body", "in");
      assertThat(http.outputs(get(secure.url("/again")))).containsEntry("body", "in");

      String host = target == ProxyTarget.NAME ? "localhost" : "127.0.0.1";
      assertThat(proxy.asked()).containsOnly("CONNECT " + host + ":" + secure.port());
      String other = secure.url("/").replace("localhost", "other.example");
      assertThat(http.failure(other).error().message())
          .isEqualTo("The server's certificate is not valid");
    }
  }

  @Test
  void givesTheProxyTheAddressThatWasChecked() throws Exception {
    NameLookup names =
        (host, loop) -> found(host.equals("name.example") ? "192.0.2.7" : "127.0.0.1");
    DestinationRules rules =
        HttpFixture.rules(List.of(), List.of("127.0.0.0/8"), Set.of(), List.of());
    try (HttpFixture http = http(names, rules, settings(ProxyTarget.ADDRESS))) {
      assertThat(http.outputs(get("http://name.example:" + server.port() + "/p?q=1")))
          .containsEntry("body", "in");
      assertThat(proxy.asked()).containsExactly("CONNECT 192.0.2.7:" + server.port());
      ReceivedRequest request = server.requests().getFirst();
      assertThat(request.target()).isEqualTo("/p?q=1");
      assertThat(request.header("Host")).isEqualTo("name.example:" + server.port());
    }
  }

  @Test
  void hasTheProxySendPlainRequestsIfItIsGivenNames() throws Exception {
    proxy.demanding("worker", SECRET);
    try (HttpFixture http =
        http(HttpFixture.LOOPBACK, HttpFixture.NO_RULES, login(ProxyTarget.NAME, SECRET))) {
      String url = "http://name.example:" + server.port() + "/p?q=1";
      assertThat(http.outputs("{\"url\": \"" + url + "\", \"method\": \"POST\", \"body\": \"b\"}"))
          .containsEntry("body", "in");
      assertThat(proxy.asked()).containsExactly("POST " + url);
      ReceivedRequest request = server.requests().getFirst();
      assertThat(request.target()).isEqualTo("/p?q=1");
      assertThat(request.body()).isEqualTo("b");
      assertThat(request.header("Proxy-Authorization")).isNull();
    }
  }

  @ParameterizedTest
  @EnumSource
  void logsIn(ProxyTarget target) throws Exception {
    proxy.demanding("worker", SECRET);
    try (HttpFixture http =
        http(HttpFixture.LOOPBACK, HttpFixture.NO_RULES, login(target, SECRET))) {
      assertThat(http.outputs(get(server.url("/")))).containsEntry("body", "in");
      assertThat(server.requests().getFirst().headers()).doesNotContainKey("Proxy-Authorization");
    }
    try (HttpFixture http =
        http(HttpFixture.LOOPBACK, HttpFixture.NO_RULES, login(target, SECRET + "x"))) {
      StepFailure failure = http.failure(server.url("/"));
      StepError error = failure.error();
      assertThat(error.code()).isEqualTo(NETWORK_ERROR);
      assertThat(error.message()).isEqualTo("The proxy refused the login of the worker");
      assertThat(error.retryable()).isFalse();
      assertThat(error.details()).containsEntry("proxy_status", 407);
      assertThat(error.toString()).doesNotContain(SECRET, "Basic");
      assertThat(failure.verdict()).isEqualTo(AttemptVerdict.NOTHING);
      assertThat(server.requests()).hasSize(1);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "403, false, NOTHING",
    "302, false, NOTHING",
    "429, true, FAILED",
    "502, true, FAILED",
    "503, true, FAILED"
  })
  void saysWhatTheProxyAnswered(int status, boolean retryable, AttemptVerdict verdict) {
    proxy.answering("HTTP/1.1 " + status + " No\r\nContent-Length: 4\r\n\r\npage");
    try (HttpFixture http = tunnelling()) {
      StepFailure failure = http.failure(server.url("/"));
      assertThat(failure.error().code()).isEqualTo(NETWORK_ERROR);
      assertThat(failure.error().message()).isEqualTo("The proxy did not open the connection");
      assertThat(failure.error().retryable()).isEqualTo(retryable);
      assertThat(failure.error().details())
          .containsEntry("proxy_status", status)
          .containsEntry("host", "localhost");
      assertThat(failure.verdict()).isEqualTo(verdict);
    }
  }

  /** More of them than a host may have connections. */
  @Test
  void connectionsThatTheProxyRefusedAreGivenBack() throws Exception {
    proxy.answering("HTTP/1.1 503 No\r\nContent-Length: 0\r\n\r\n");
    try (HttpFixture http = tunnelling()) {
      for (int i = 0; i < 1_100; i++) {
        assertThat(http.failure(server.url("/")).error().code()).isEqualTo(NETWORK_ERROR);
      }
      proxy.serving();
      assertThat(http.outputs(get(server.url("/")))).containsEntry("body", "in");
      await().atMost(Duration.ofSeconds(5)).until(() -> proxy.open() <= 1);
    }
  }

  @Test
  void aServerThatTheProxyCannotReachIsANetworkError() throws Exception {
    int closed = FreePort.find();
    try (HttpFixture http = tunnelling()) {
      StepError error = http.failure("http://localhost:" + closed + "/").error();
      assertThat(error.code()).isEqualTo(NETWORK_ERROR);
      assertThat(error.details()).containsEntry("proxy_status", 502);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "''                                 | The proxy closed the connection",
        "hello                              | The proxy closed the connection",
        "SSH-2.0-x\\r\\n\\r\\n                | The answer of the proxy cannot be read",
        "HTTP/1.1 200 OK\\r\\n\\r\\nHTTP/1.1  | The answer of the proxy cannot be read",
      })
  void takesNothingElseForATunnel(String answer, String message) {
    proxy.answering(answer.replace("\\r\\n", "\r\n"));
    try (HttpFixture http = tunnelling()) {
      StepError error = http.failure(server.url("/")).error();
      assertThat(error.code()).isEqualTo(NETWORK_ERROR);
      assertThat(error.message()).isEqualTo(message);
      assertThat(error.retryable()).isTrue();
    }
  }

  @ParameterizedTest
  @EnumSource
  void saysThatThereIsNoProxy(ProxyTarget target) throws Exception {
    int closed = FreePort.find();
    try (HttpFixture http =
        http(
            HttpFixture.LOOPBACK,
            HttpFixture.NO_RULES,
            settings("http://127.0.0.1:" + closed, target))) {
      assertUnreachable(http);
    }
    NameLookup names =
        (host, loop) ->
            host.equals("proxy.example")
                ? CompletableFuture.failedFuture(new UnknownHostException(host))
                : found("127.0.0.1");
    try (HttpFixture http =
        http(names, HttpFixture.NO_RULES, settings("http://proxy.example:3128", target))) {
      assertUnreachable(http);
    }
  }

  @Test
  void aProxyThatHangsRunsIntoTheTimeoutOfTheConnect() {
    proxy.hanging();
    try (HttpFixture http = tunnelling()) {
      StepError error =
          http.failure(
                  server.url("/"),
                  HttpFixture.apart(Duration.ofMillis(300), Duration.ofSeconds(20)),
                  Deadline.never())
              .error();
      assertThat(error.code()).isEqualTo(CONNECTION_TIMEOUT);
      assertThat(error.details()).containsEntry("timeout_type", "connect");
      await().atMost(Duration.ofSeconds(5)).until(() -> proxy.open() == 0);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aProxyThatHangsHoldsNoStepBeyondItsTime(ProxyTarget target) {
    proxy.hanging();
    try (HttpFixture http = http(HttpFixture.LOOPBACK, HttpFixture.NO_RULES, settings(target))) {
      StepError error =
          http.failure(
                  server.url("/"), HttpFixture.within(Duration.ofMillis(400)), Deadline.never())
              .error();
      assertThat(error.code()).isEqualTo(CONNECTION_TIMEOUT);
      await().atMost(Duration.ofSeconds(5)).until(() -> proxy.open() == 0);
    }
  }

  @ParameterizedTest
  @EnumSource
  void asksTheProxyForNothingThatIsDenied(ProxyTarget target) {
    NameLookup names =
        (host, loop) -> found(host.equals("inner.example") ? "169.254.169.254" : "127.0.0.1");
    DestinationRules rules =
        HttpFixture.rules(
            List.of(),
            List.of("bad.example", "127.0.0.0/8"),
            Set.of(9091),
            List.of(new HostAndPort("127.0.0.1", 4222)));
    try (HttpFixture http = http(names, rules, settings(target))) {
      for (String url :
          List.of(
              "http://bad.example/",
              "https://bad.example/",
              "http://inner.example/",
              "https://inner.example/",
              "http://169.254.169.254/",
              "http://localhost:9091/",
              "http://127.0.0.1:4222/",
              "http://127.0.0.1:" + proxy.port() + "/")) {
        assertThat(http.failure(url).error().code()).as(url).isEqualTo(PERMISSION_DENIED);
      }
      assertThat(proxy.asked()).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"localhost", "127.0.0.0/8", "*.example,*"})
  void reachesSomeServersWithoutTheProxy(String bypassed) throws Exception {
    ProxyProperties settings =
        new ProxyProperties(proxy.url(), "", "", List.of(bypassed.split(",")), ProxyTarget.ADDRESS);
    try (HttpFixture http = http(HttpFixture.LOOPBACK, HttpFixture.NO_RULES, settings)) {
      assertThat(http.outputs(get(server.url("/")))).containsEntry("body", "in");
      assertThat(proxy.asked()).isEmpty();
    }
  }

  @Test
  void usesTheProxyForWhatIsNotBypassed() throws Exception {
    ProxyProperties settings =
        new ProxyProperties(
            proxy.url(),
            "",
            "",
            List.of("*.example", "10.0.0.0/8", "localhost:1"),
            ProxyTarget.ADDRESS);
    try (HttpFixture http = http(HttpFixture.LOOPBACK, HttpFixture.NO_RULES, settings)) {
      assertThat(http.outputs(get(server.url("/")))).containsEntry("body", "in");
      assertThat(proxy.asked()).hasSize(1);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "proxy:3128                 | '' | ''     | url is 'proxy:3128', but must be http://host",
        "https://proxy:3128         | '' | ''     | url is 'https://proxy:3128', but must be http",
        "http://proxy               | '' | ''     | url is 'http://proxy', but must be http://host",
        "http://proxy:3128/path     | '' | ''     | url is 'http://proxy:3128/path', but must be",
        "http://u:s3cr3t@proxy:3128 | '' | ''     | url is '(hidden)', but must be http://host",
        "http://proxy:3128          | '' | s3cr3t | password is '(hidden)', but must be used",
        "http://proxy:3128          | a:b | s3cr3t | username is 'a:b', but must be one line",
        "''                         | u  | ''     | username is 'u', but must be used together",
        "''                         | '' | s3cr3t | password is '(hidden)', but must be used",
      })
  void refusesWhatIsNoProxy(String url, String username, String password, String message) {
    ProxyProperties settings =
        new ProxyProperties(url, username, password, List.of(), ProxyTarget.ADDRESS);
    assertThatThrownBy(() -> HttpProxy.of(settings))
        .isInstanceOf(UnusableSettingException.class)
        .hasMessageStartingWith("worker.blocks.http.proxy." + message)
        .hasMessageNotContaining(SECRET);
    assertThat(settings.toString()).doesNotContain(SECRET);
  }

  @Test
  void takesAddressesOfBothKinds() {
    assertThat(HttpProxy.of(settings("http://[::1]:3128/", ProxyTarget.NAME)))
        .hasToString("http://[::1]:3128");
    assertThat(HttpProxy.of(settings("http://proxy.example:80", ProxyTarget.NAME)))
        .hasToString("http://proxy.example:80");
    assertThat(HttpProxy.of(settings("", ProxyTarget.NAME))).isNull();
  }

  @Test
  void aCheckSaysWhetherItIsThere() throws Exception {
    assertThat(check(proxy.url()))
        .singleElement()
        .matches(finding -> finding.verdict() == StartVerdict.OK);
    assertThat(check("http://127.0.0.1:" + FreePort.find()))
        .singleElement()
        .matches(finding -> finding.verdict() == StartVerdict.FAULT);
    assertThat(check("")).isEmpty();
  }

  private static List<StartFinding> check(String url) {
    return new ProxyCheck(HttpProxy.of(settings(url, ProxyTarget.ADDRESS))).look();
  }

  private void assertUnreachable(HttpFixture http) {
    StepError error = http.failure(server.url("/")).error();
    assertThat(error.code()).isEqualTo(NETWORK_ERROR);
    assertThat(error.message()).isEqualTo("The proxy cannot be reached");
    assertThat(error.retryable()).isTrue();
    assertThat(server.requests()).isEmpty();
  }

  private HttpFixture tunnelling() {
    return http(HttpFixture.LOOPBACK, HttpFixture.NO_RULES, settings(ProxyTarget.ADDRESS));
  }

  private static HttpFixture http(
      NameLookup names, DestinationRules rules, ProxyProperties settings) {
    return new HttpFixture(names, rules, trusting(), HttpProxy.of(settings));
  }

  private ProxyProperties settings(ProxyTarget target) {
    return settings(proxy.url(), target);
  }

  private static ProxyProperties settings(String url, ProxyTarget target) {
    return new ProxyProperties(url, "", "", List.of(), target);
  }

  private ProxyProperties login(ProxyTarget target, String password) {
    return new ProxyProperties(proxy.url(), "worker", password, List.of(), target);
  }

  private static String get(String url) {
    return "{\"url\": \"" + url + "\"}";
  }

  private static CompletableFuture<List<InetAddress>> found(String address) {
    try {
      return CompletableFuture.completedFuture(List.of(InetAddress.getByName(address)));
    } catch (UnknownHostException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private static MisbehavingHttpServer secure() throws Exception {
    return MisbehavingHttpServer.startTls(Objects.requireNonNull(certificate).serverSockets())
        .always(Misbehaviour.answer(200, "in"));
  }

  private static SslContext trusting() {
    try {
      return SslContextBuilder.forClient()
          .trustManager(Objects.requireNonNull(certificate).certificate())
          .build();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}
