package io.beamline.worker.security;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.test.system.CapturedOutput;

/** The pause as an operator asks for it. */
class IntakeEndpointTest extends WebTest {

  private static final String INTAKE = "/actuator/intake";
  private static final String PAUSE = "{\"paused\":true}";
  private static final String OFF = "{\"paused\":false}";

  @AfterEach
  void resume() {
    assertThat(order(OFF).body()).isEqualTo(OFF);
  }

  @Test
  void asksForALogin() {
    HttpResponse<String> anonymous = management.post(INTAKE, PAUSE, "Content-Type", JSON);
    assertThat(anonymous.statusCode()).isEqualTo(401);
    assertThat(anonymous.headers().firstValue("www-authenticate"))
        .hasValueSatisfying(challenge -> assertThat(challenge).startsWith("Basic"));
    assertThat(management.get(INTAKE).statusCode()).isEqualTo(401);
    assertThat(state()).isEqualTo(OFF);
    assertThat(main.get(INTAKE, "Authorization", ADMIN).statusCode()).isEqualTo(404);
  }

  @Test
  void pausesAndResumesAndSaysWho(CapturedOutput output) {
    HttpResponse<String> paused = order(PAUSE);
    assertThat(paused.statusCode()).isEqualTo(200);
    assertThat(paused.body()).isEqualTo("{\"paused\":true,\"by\":\"admin\"}").isEqualTo(state());
    assertThat(paused.headers().map()).doesNotContainKey("set-cookie");
    assertThat(scrape()).contains("worker_intake_paused 1.0");
    HttpResponse<String> readiness = management.get("/actuator/health/readiness");
    assertThat(readiness.statusCode()).isEqualTo(200);
    assertThat(readiness.body())
        .contains("\"pause\":{\"details\":{\"paused\":true},\"status\":\"UP\"}")
        .doesNotContain("admin");

    assertThat(order(OFF).body()).isEqualTo(OFF).isEqualTo(state());
    assertThat(order(OFF).statusCode()).isEqualTo(200);
    assertThat(scrape()).contains("worker_intake_paused 0.0");
    assertThat(management.get("/actuator/health/readiness").body()).doesNotContain("pause");
    assertThat(output.getOut())
        .containsOnlyOnce("\"message\":\"Intake paused\"")
        .containsOnlyOnce("\"message\":\"Intake resumed\"")
        .contains("\"by\":\"admin\"");
  }

  @Test
  void anotherPauseTakesThePlaceOfTheFirst(CapturedOutput output) {
    String until = Instant.now().plusSeconds(3_600).toString();
    assertThat(order("{\"paused\":true,\"until\":\"" + until + "\"}").body())
        .isEqualTo("{\"paused\":true,\"until\":\"" + until + "\",\"by\":\"admin\"}");
    assertThat(management.get("/actuator/health/readiness").body())
        .contains("\"until\":\"" + until + "\"");
    assertThat(output.getOut()).contains("\"until\":\"" + until + "\"");
    assertThat(order("{\"paused\":true,\"until\":null}").body())
        .isEqualTo("{\"paused\":true,\"by\":\"admin\"}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {}                                                | paused must be there
          {"paused":"yes"}                                  | paused must be there
          {"paused":1}                                      | paused must be there
          {"paused":null}                                   | paused must be there
          {"paused":false,"until":"2999-01-01T00:00:00Z"}   | until goes with paused: true only
          {"paused":true,"until":"2999-01-01T00:00:00Z"}    | until must be within 365 days
          {"paused":true,"until":"soon"}                    | until must be a time in ISO 8601
          {"paused":true,"until":1795415735}                | until must be a time in ISO 8601
          {"paused":true,"until":"2026-01-01T00:00:00Z"}    | until must be in the future
          """)
  void saysWhatIsWrongWithABodyAndChangesNothing(String body, String sentence) {
    HttpResponse<String> answer = order(body);

    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.body()).contains("\"error\":\"Bad Request\"", sentence);
    assertThat(state()).isEqualTo(OFF);
  }

  @Test
  void takesJsonOnly() {
    HttpResponse<String> form =
        management.post(
            INTAKE,
            "paused=true",
            "Authorization",
            ADMIN,
            "Content-Type",
            "application/x-www-form-urlencoded");
    assertThat(form.statusCode()).isEqualTo(415);
    assertThat(order("{").statusCode()).isEqualTo(400);
    assertThat(order("[true]").statusCode()).isEqualTo(400);
    assertThat(order("{\"paused\":{\"a\":true}}").statusCode()).isEqualTo(400);
    assertThat(management.post(INTAKE + "?paused=true", "", "Authorization", ADMIN).statusCode())
        .isEqualTo(415);
    assertThat(state()).isEqualTo(OFF);
  }

  private HttpResponse<String> order(String body) {
    return management.post(INTAKE, body, "Authorization", ADMIN, "Content-Type", JSON);
  }

  private String state() {
    return management.get(INTAKE, "Authorization", ADMIN).body();
  }
}
