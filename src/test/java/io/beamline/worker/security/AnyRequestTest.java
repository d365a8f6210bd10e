package io.beamline.worker.security;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.system.CapturedOutput;

/** Whatever a client sends, it gets a short answer, and the log stays as it was. */
class AnyRequestTest extends WebTest {

  private static final List<String> METHODS =
      List.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND");

  private static final List<String> MEDIA_TYPES =
      List.of(
          "application/json",
          "application/x-www-form-urlencoded",
          "multipart/form-data",
          "multipart/form-data; boundary=b",
          "text/plain; charset=none",
          "nonsense");

  private static final List<String> BODIES =
      List.of("", "a=%zz&&=&_method=DELETE", "--b\r\nnonsense\r\n--b--");

  private LoggedSince logged;

  @BeforeEach
  void remember(CapturedOutput output) {
    logged = LoggedSince.now(output);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/actuator/health",
        "/actuator/health/liveness",
        "/actuator/info",
        "/actuator/prometheus",
        "/actuator/rollout",
        "/actuator/togglz",
        "/actuator/togglz/CP2_ADVANCED_RETRY_ENABLED",
        "/actuator/intake",
        "/actuator/assignments",
        "/actuator/destinations",
        "/actuator/deadletters",
        "/actuator/env",
        "/metrics",
        "/error",
        "/"
      })
  void isAnsweredShortlyOnTheManagementPort(String path) {
    isAnsweredShortly(management, path);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/_health",
        "/login",
        "/logout",
        "/default-ui.css",
        "/togglz-console",
        "/togglz-console/index",
        "/togglz-console/edit",
        "/actuator/health",
        "/error",
        "/"
      })
  void isAnsweredShortlyOnTheMainPort(String path) {
    isAnsweredShortly(main, path);
  }

  @ParameterizedTest
  @ValueSource(strings = {FLAG, "/actuator/togglz", "/actuator/intake"})
  void isAnsweredShortlyToTheAdministratorToo(String path) {
    for (String type : MEDIA_TYPES) {
      for (String body : BODIES) {
        HttpResponse<String> answer =
            management.post(path, body, headers(type, "Authorization", ADMIN));
        assertThat(answer.statusCode()).as("%s %s", type, body).isIn(400, 404, 405, 415);
      }
    }
    assertThat(logged.lines()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"/actuator/health", "/actuator/prometheus", "/metrics", "/actuator/info"})
  void headIsLikeGetWithoutABody(String path) {
    HttpResponse<String> get = management.get(path);
    HttpResponse<String> head = management.head(path);

    assertThat(head.statusCode()).isEqualTo(get.statusCode()).isEqualTo(200);
    assertThat(head.body()).isEmpty();
    assertThat(head.headers().firstValue("content-type"))
        .isEqualTo(get.headers().firstValue("content-type"));
    assertThat(main.head("/_health").statusCode()).isEqualTo(200);
    assertThat(logged.lines()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "beamline_worker:9092",
        "_worker:9092",
        "worker_",
        "a_b.c_d.example",
        "1_2:80",
        "a-_b:1",
        "worker-1",
        "127.0.0.1:9092",
        "[::1]:9092"
      })
  void comesByAnyNameOfTheHost(String host) {
    assertThat(statusLine(managementPort, "/metrics", host)).isEqualTo("HTTP/1.1 200 ");
    assertThat(statusLine(mainPort, "/_health", host)).isEqualTo("HTTP/1.1 200 ");
    assertThat(statusLine(mainPort, "/togglz-console/index", host)).isEqualTo("HTTP/1.1 302 ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a b", "a_b:x", "a_b:1:2", "a/_b", "[_]", "a_..b", "a_b@c"})
  void comesByNothingThatIsNoName(String host) {
    assertThat(statusLine(managementPort, "/metrics", host)).startsWith("HTTP/1.1 400");
    assertThat(statusLine(mainPort, "/_health", host)).startsWith("HTTP/1.1 400");
    assertThat(logged.lines()).isEmpty();
  }

  /** Each method comes with each media type, and each media type with each body. */
  private void isAnsweredShortly(Http client, String path) {
    for (int method = 0; method < METHODS.size(); method++) {
      for (int type = 0; type < MEDIA_TYPES.size(); type++) {
        String body = BODIES.get((method + type) % BODIES.size());
        isAnsweredShortly(client, METHODS.get(method), path, MEDIA_TYPES.get(type), body);
      }
    }
    assertThat(logged.lines()).as(path).isEmpty();
  }

  private static void isAnsweredShortly(
      Http client, String method, String path, String type, String body) {
    HttpResponse<String> answer = client.send(method, path, body, headers(type));
    String request = String.join(" ", method, path, type, body);
    assertThat(answer.statusCode()).as(request).isBetween(200, 499);
    if (answer.statusCode() >= 400) {
      assertThat(answer.body().length()).as(request).isLessThan(200);
    }
  }

  private static String[] headers(String contentType, String... more) {
    return contentType.isEmpty()
        ? more
        : Stream.concat(Stream.of(more), Stream.of("Content-Type", contentType))
            .toArray(String[]::new);
  }

  private static String statusLine(int port, String path, String host) {
    try (RawClient client = RawClient.to(port)) {
      client.write("GET " + path + " HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n");
      return client.readToItsEnd().lines().findFirst().orElse("");
    }
  }
}
