package io.beamline.worker.security;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.test.annotation.DirtiesContext;

// A context that was closed before this test took the feature manager away from the console.
@DirtiesContext(classMode = DirtiesContext.ClassMode.BEFORE_CLASS)
class MainPortTest extends WebTest {

  @Test
  void saysThatItIsHealthy() {
    HttpResponse<String> answer = main.get("/_health");

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body())
        .matches("\\{\"status\":\"healthy\",\"timestamp\":\"[-0-9]{10}T[:.0-9]+Z\"}");
    assertThat(answer.headers().map()).doesNotContainKeys("set-cookie", "server");
    assertThat(answer.headers().firstValue("x-content-type-options")).contains("nosniff");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/",
        "/error",
        "/metrics",
        "/actuator",
        "/actuator/health",
        "/actuator/togglz",
        "/index.html",
        "/_health/x",
        "/webjars/x"
      })
  void showsNothingElseOnTheMainPort(String path) {
    HttpResponse<String> answer = main.get(path, "Accept", "text/html");

    assertThat(answer.statusCode()).isEqualTo(404);
    assertThat(answer.body()).isEqualTo("{\"status\":404,\"error\":\"Not Found\"}");
    assertThat(answer.headers().map()).doesNotContainKeys("set-cookie", "server");
  }

  @Test
  void answersMalformedRequestsAsTersely() throws IOException {
    for (int port : new int[] {mainPort, managementPort}) {
      try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
        socket.setSoTimeout(20_000);
        String request = "GET /a[%00 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
        socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
        assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
            .startsWith("HTTP/1.1 400")
            .endsWith("{\"status\":400,\"error\":\"Bad Request\"}")
            .doesNotContain("Tomcat");
      }
    }
  }

  @Test
  void changesAFlagInTheConsoleAfterLogin(CapturedOutput output) {
    assertThat(main.get("/togglz-console/index").statusCode()).isEqualTo(302);
    assertThat(main.cookie("JSESSIONID")).isEmpty();
    login("right");
    assertThat(main.cookie("JSESSIONID")).isNotEmpty();

    assertThat(main.postForm("/togglz-console/edit", Map.of("f", "x")).statusCode())
        .as("without a token")
        .isEqualTo(403);
    press("CP2_COMPLETE_TIMEOUT_ENABLED");
    assertThat(flags.snapshot("a", "t").completeTimeout()).isTrue();
    assertThat(output.getOut()).contains("\"enabled\":true,\"user\":\"admin\"");
    press("CP2_COMPLETE_TIMEOUT_ENABLED");
    assertThat(flags.snapshot("a", "t").completeTimeout()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"/togglz-console/index", "/togglz-console", "/login", "/logout"})
  void makesNoSessionForStrangers(String path) {
    for (String accepted : List.of("text/html", "*/*")) {
      main.get(path, "Accept", accepted);
    }
    Map<String, String> fields = hiddenFields(main.get("/login").body());
    main.postForm("/login", credentials(fields, "wrong"));
    main.postForm("/login", Map.of());

    assertThat(main.get("/login?error").statusCode()).isEqualTo(200);
    assertThat(main.cookie("JSESSIONID")).isEmpty();
  }

  @Test
  void readsNoFormThatIsFarTooLarge() {
    Map<String, String> fields = new LinkedHashMap<>(hiddenFields(main.get("/login").body()));
    fields.put("username", "x".repeat(100_000));
    fields.put("password", "wrong");
    assertThat(main.postForm("/login", fields).statusCode()).isIn(400, 403, 413);
  }

  @Test
  void tellsAPersonThatTheLoginFailed() {
    Map<String, String> fields = hiddenFields(main.get("/login").body());

    String next =
        main.postForm("/login", credentials(fields, "wrong"))
            .headers()
            .firstValue("location")
            .orElse("");

    assertThat(next).endsWith("/login?error");
    assertThat(main.get("/login?error").body()).contains("Invalid credentials");
  }

  @Test
  void slowsDownGuessing() {
    Http guesser = new Http(managementPort, "127.0.0.9");
    String wrong = Http.basic("admin", "wrong");
    List<Integer> answers =
        Stream.generate(() -> guesser.get("/actuator/togglz", "Authorization", wrong).statusCode())
            .limit(11)
            .toList();

    assertThat(answers).startsWith(401).endsWith(401, 429);
    HttpResponse<String> right = guesser.get("/actuator/togglz", "Authorization", ADMIN);
    assertThat(right.statusCode()).isEqualTo(429);
    assertThat(right.headers().firstValueAsLong("retry-after").orElse(0)).isBetween(1L, 60L);
    Http form = new Http(mainPort, "127.0.0.9");
    Map<String, String> fields = hiddenFields(form.get("/login").body());
    assertThat(form.postForm("/login", credentials(fields, "right")).statusCode()).isEqualTo(429);
    assertThat(change("{\"enabled\":false}").statusCode()).as("others go on").isEqualTo(200);
  }

  /** What only Togglz' own form does not refuse. */
  @Test
  void saysInTheConsoleWhyAChangeWasRefused() {
    login("right");
    String index = main.get("/togglz-console/index").body();
    int link = index.indexOf("edit?f=CP2_QUEUE_MANAGEMENT_ENABLED");
    String edit = index.substring(link, index.indexOf('"', link));
    String page = main.get("/togglz-console/" + edit).body();
    Map<String, String> form = hiddenFields(page);
    form.put("enabled", "enabled");
    form.put("strategy", "tenants");
    form.put(attribute(field(page, "The tenant ids"), "name"), "acme");

    HttpResponse<String> answer = main.postForm("/togglz-console/edit", form);

    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.headers().firstValue("content-type").orElse("")).startsWith("text/html");
    assertThat(answer.body())
        .contains("Nothing was changed", "but not by tenants", "href=\"index\"");
    assertThat(flags.enabledNames()).isEmpty();
  }

  /** The last field before a text. */
  private static String field(String page, String text) {
    String before = page.substring(0, page.indexOf(text));
    return before.substring(before.lastIndexOf("<input"));
  }

  private void login(String password) {
    Map<String, String> fields = hiddenFields(main.get("/login").body());
    HttpResponse<String> answer = main.postForm("/login", credentials(fields, password));
    assertThat(answer.statusCode()).isEqualTo(302);
    assertThat(answer.headers().firstValue("location").orElse(""))
        .contains("/togglz-console/index");
  }

  /** Presses a flag's button on the console's first page. */
  private void press(String flag) {
    String page = main.get("/togglz-console/index").body();
    assertThat(page).contains("Checkpoint 2", "Complete timeout: every operation");
    String form =
        Stream.of(page.split("<form"))
            .filter(part -> part.contains("value=\"" + flag + "\""))
            .findFirst()
            .orElseThrow();
    HttpResponse<String> answer = main.postForm("/togglz-console/edit", hiddenFields(form));
    assertThat(answer.statusCode()).isEqualTo(302);
  }

  private static Map<String, String> credentials(Map<String, String> hidden, String password) {
    Map<String, String> fields = new LinkedHashMap<>(hidden);
    fields.put("username", "admin");
    fields.put("password", password);
    return fields;
  }
}
