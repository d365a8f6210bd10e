package io.beamline.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.beamline.worker.support.NatsServer;
import io.beamline.worker.support.WorkerProcess;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Each endpoint for operators says in a sentence what is wrong with a request. */
class EndpointErrorsIT {

  private static final String RETRY = "/actuator/togglz/CP2_ADVANCED_RETRY_ENABLED";
  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final JsonMapper MAPPER = new JsonMapper();

  private static NatsServer nats;
  private static WorkerProcess worker;
  private static HttpClient http;

  @BeforeAll
  static void start() {
    nats = NatsServer.start();
    worker = WorkerProcess.of(nats.url()).start();
    http = HttpClient.newHttpClient();
  }

  @AfterAll
  static void end() {
    http.close();
    worker.close();
    nats.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        RETRY,
        "/actuator/intake",
        "/actuator/assignments/a-1",
        "/actuator/destinations",
        "/actuator/deadletters",
        "/actuator/deadletters/1"
      })
  void whateverTheBodyIs(String path) {
    String json = "application/json";
    assertError(post(path, "text/plain", "{}"), 415, "the header Content-Type: application/json");
    assertError(post(path, "application/x-www-form-urlencoded", "a=1"), 415, "must be JSON");
    assertError(post(path, json, "{"), 400, "the body is not JSON: look at line 1, column 2");
    assertError(post(path, json, "{\"hush\": hush}"), 400, "the body is not JSON: look at line 1");
    assertError(post(path, json, "[true]"), 400, "the body must be one JSON object");
    assertError(post(path, json, "\"hush\""), 400, "the body must be one JSON object");
    assertError(
        post(path, json, "{\"limit\": {\"a\": 1}}"),
        400,
        "limit must be a text, a number, true or false");
    assertError(post(path, json, "{\"limit\": [1]}"), 400, "limit must be a text");
    assertError(post(path, json, "{\"frobnicate\": 1}"), 400, "no parameter frobnicate: there are");
    assertError(send("DELETE", path, json, ""), 405, "the method must be ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/actuator/togglz",
        RETRY,
        "/actuator/intake",
        "/actuator/assignments",
        "/actuator/destinations",
        "/actuator/deadletters"
      })
  void whateverTheQueryIs(String path) {
    assertError(get(path + "?frobnicate=1"), 400, "there is no parameter frobnicate");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          /actuator/assignments?limit=0         | limit must be a whole number from 1 to 1000
          /actuator/assignments?stage=gone      | stage must be queued, waiting, running or stuck
          /actuator/assignments?step=echo       | there is no parameter step
          /actuator/assignments?tenantid=a      | did you mean tenant_id?
          /actuator/destinations?state=ajar     | state must be open, half_open or closed
          /actuator/destinations?limit=1&limit=2 | limit may be there only once
          """)
  void aWrongQuery(String path, String sentence) {
    assertError(get(path), 400, sentence);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {"enable": true}                                      | did you mean enabled?
          {"enabled": "perhaps"}                                | enabled must be there, and be true or false
          {"enabled": true, "strategy": "gradul"}               | strategy must be empty or one of gradual
          {"enabled": true, "strategy": "gradual"}              | percentage is missing, and must be a number
          {"enabled": true, "parameters": "percentage=101"}     | percentage must be a number from 0 to 100
          {"enabled": true, "parameters": "percentage=-1"}      | percentage must be a number from 0 to 100
          {"enabled": true, "parameters": "percentage=ten"}     | percentage must be a number from 0 to 100
          {"enabled": true, "parameters": "110%"}               | percentage must be a number from 0 to 100
          {"enabled": true, "parameters": "percentage"}         | parameters must be name=value
          {"enabled": true, "parameters": "percent=10"}         | there are percentage and tenants
          {"enabled": true, "parameters": "tenants="}           | tenants is missing
          {"enabled": true, "strategy": "gradual", "parameters": "tenants=a"} | goes with the strategy tenants only
          {"enabled": true, "strategy": "", "parameters": "percentage=10"} | parameters go with a strategy only
          """)
  void aWrongFlag(String body, String sentence) {
    assertError(post(RETRY, "application/json", body), 400, sentence);
    assertThat(get(RETRY).body()).contains("\"enabled\":false");
  }

  @Test
  void anUnknownFlag() {
    String near = "/actuator/togglz/CP2_ADVANCED_RETRY_ENABLE";
    String hint = "did you mean CP2_ADVANCED_RETRY_ENABLED?";
    assertError(get(near), 404, hint);
    assertError(post(near, "application/json", "{}"), 404, hint);
    assertError(get("/actuator/togglz/X"), 404, "There is no flag of this name: there are CP2_");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {"enabled": true, "parameters": "percentage=10"}                        | 10
          {"enabled": true, "parameters": "10%"}                                  | 10
          {"enabled": true, "parameters": "percentage=12.5 %"}                    | 12.5
          {"enabled": true, "strategy": "gradual", "parameters": "percentage=25"} | 25
          """)
  void aShareInEachForm(String body, String percentage) {
    HttpResponse<String> changed = post(RETRY, "application/json", body);
    assertThat(changed.statusCode()).as(changed.body()).isEqualTo(200);
    JsonNode flag = MAPPER.readTree(changed.body());
    assertThat(flag.path("strategy").stringValue("")).isEqualTo("gradual");
    assertThat(flag.at("/params/percentage").stringValue("")).isEqualTo(percentage);
    assertThat(post(RETRY, "application/json", "{\"reset\": true}").statusCode()).isEqualTo(200);
  }

  private static void assertError(HttpResponse<String> answer, int status, String sentence) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    JsonNode body = MAPPER.readTree(answer.body());
    assertThat(body.path("status").intValue()).isEqualTo(status);
    assertThat(body.path("message").stringValue("")).contains(sentence);
    assertThat(answer.body()).doesNotContain("hush", "Exception");
  }

  private static HttpResponse<String> get(String path) {
    return send("GET", path, "", "");
  }

  private static HttpResponse<String> post(String path, String type, String body) {
    return send("POST", path, type, body);
  }

  private static HttpResponse<String> send(String method, String path, String type, String body) {
    String pair = "admin:" + WorkerProcess.ADMIN_PASSWORD;
    HttpRequest.Builder request =
        HttpRequest.newBuilder(worker.managementUri(path))
            .timeout(LIMIT)
            .header(
                "Authorization",
                "Basic "
                    + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8)))
            .method(
                method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
    try {
      return http.send(
          (type.isEmpty() ? request : request.header("Content-Type", type)).build(),
          BodyHandlers.ofString());
    } catch (IOException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
