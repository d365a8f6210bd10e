package io.beamline.worker.security;

import static org.assertj.core.api.Assertions.assertThat;

import io.beamline.worker.support.FreePort;
import io.beamline.worker.support.WorkerProcess;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whom the worker believes about who asks, and by which address. */
class ForwardedHeadersIT {

  private static final String TOGGLZ = "/actuator/togglz";
  private static final String INDEX = "/togglz-console/index";
  private static final String WRONG = Http.basic("admin", "wrong");

  private static final String ADMIN = Http.basic("admin", WorkerProcess.ADMIN_PASSWORD);
  private static final String[] HTTPS = {"X-Forwarded-Proto", "https"};

  /** As every pod starts. */
  @Nested
  @TestInstance(TestInstance.Lifecycle.PER_CLASS)
  class InAPod {

    private WorkerProcess worker;

    @BeforeAll
    void start() {
      worker =
          started(
              builder()
                  .env("KUBERNETES_SERVICE_HOST", "10.0.0.1")
                  .env("KUBERNETES_SERVICE_PORT", "443"));
    }

    @AfterAll
    void stop() {
      worker.close();
    }

    @ParameterizedTest
    @CsvSource({"X-Forwarded-For, 1", "X-Real-IP, 2", "Forwarded, 3"})
    void countsTheAddressThatReallyAsks(String header, int number) {
      String from = "127.0.2." + number;
      Http guesser = new Http(managementPort(worker), from);

      assertThat(guesses(guesser, 60, header)).startsWith(401).endsWith(429).hasSize(60);
      assertThat(guesses(guesser, 60, header)).containsOnly(429);
      Http form = new Http(mainPort(worker), from);
      assertThat(login(form, WorkerProcess.ADMIN_PASSWORD, header, address(header, 1)).statusCode())
          .isEqualTo(429);

      Http administrator = new Http(managementPort(worker), "127.0.3." + number);
      assertThat(administrator.get(TOGGLZ, "Authorization", ADMIN).statusCode())
          .as("somebody else's login")
          .isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {INDEX, "/togglz-console", "/logout"})
    void redirectsToNoHostOfAHeader(String path) {
      HttpResponse<String> answer =
          new Http(mainPort(worker), "127.0.0.1")
              .get(
                  path,
                  "X-Forwarded-Host",
                  "evil.example",
                  "X-Forwarded-Proto",
                  "ftp",
                  "X-Forwarded-Prefix",
                  "/evil",
                  "Forwarded",
                  "host=evil.example;proto=ftp");

      assertThat(answer.headers().map().toString()).doesNotContain("evil", "ftp");
      answer.headers().firstValue("location").ifPresent(to -> assertThat(to).startsWith("/"));
    }
  }

  /** Behind a proxy that ends TLS, whose headers the operator lets count. */
  @Nested
  @TestInstance(TestInstance.Lifecycle.PER_CLASS)
  class BehindAProxy {

    private WorkerProcess worker;

    @BeforeAll
    void start() {
      worker = started(builder().env("SERVER_FORWARDHEADERSSTRATEGY", "native"));
    }

    @AfterAll
    void stop() {
      worker.close();
    }

    @Test
    void staysWithHttps() {
      Http browser = new Http(mainPort(worker), "127.0.0.1");

      HttpResponse<String> stranger = browser.get(INDEX, HTTPS);
      assertThat(location(stranger)).matches("(https://127.0.0.1)?/login");
      String[] withCookies = {HTTPS[0], HTTPS[1], "Cookie", cookies(browser.get("/login", HTTPS))};
      HttpResponse<String> loggedIn = login(browser, WorkerProcess.ADMIN_PASSWORD, withCookies);

      assertThat(location(loggedIn)).matches("(https://127.0.0.1)?/togglz-console/index");
      assertThat(loggedIn.headers().allValues("set-cookie"))
          .anySatisfy(
              cookie ->
                  assertThat(cookie).startsWith("JSESSIONID").contains("; Secure", "; HttpOnly"));
    }

    @Test
    void countsTheClientsOfTheProxyEachByItself() {
      Http proxy = new Http(managementPort(worker), "127.0.0.1");
      String[] client = {"X-Forwarded-For", "203.0.113.1", "Authorization", WRONG};

      assertThat(IntStream.range(0, 11).mapToObj(i -> proxy.get(TOGGLZ, client).statusCode()))
          .startsWith(401)
          .endsWith(429);
      String[] other = {"X-Forwarded-For", "203.0.113.2", "Authorization", ADMIN};
      assertThat(proxy.get(TOGGLZ, other).statusCode()).isEqualTo(200);
    }
  }

  private static WorkerProcess.Builder builder() {
    return WorkerProcess.of("nats://127.0.0.1:" + FreePort.find());
  }

  /** It is alive without NATS, and that is enough here. */
  private static WorkerProcess started(WorkerProcess.Builder builder) {
    WorkerProcess worker = builder.launch();
    Awaitility.await()
        .atMost(Duration.ofMinutes(3))
        .until(() -> worker.status(worker.managementUri("/actuator/health/liveness")) == 200);
    return worker;
  }

  private static int mainPort(WorkerProcess worker) {
    return worker.uri("/").getPort();
  }

  private static int managementPort(WorkerProcess worker) {
    return worker.managementUri("/").getPort();
  }

  /** What a browser would send back; the client of the tests keeps secure cookies to itself. */
  private static String cookies(HttpResponse<String> answer) {
    return answer.headers().allValues("set-cookie").stream()
        .map(cookie -> cookie.substring(0, cookie.indexOf(';')))
        .collect(Collectors.joining("; "));
  }

  private static List<Integer> guesses(Http guesser, int count, String header) {
    return IntStream.range(0, count)
        .mapToObj(
            guess ->
                guesser
                    .get(TOGGLZ, header, address(header, guess), "Authorization", WRONG)
                    .statusCode())
        .toList();
  }

  private static String address(String header, int number) {
    String address = "203.0.113." + number;
    return header.equals("Forwarded") ? "for=" + address : address;
  }

  private static HttpResponse<String> login(Http form, String password, String... headers) {
    Map<String, String> fields =
        new LinkedHashMap<>(WebTest.hiddenFields(form.get("/login", headers).body()));
    fields.put("username", "admin");
    fields.put("password", password);
    return form.postForm("/login", fields, headers);
  }

  private static String location(HttpResponse<String> answer) {
    return answer.headers().firstValue("location").orElse("");
  }
}
