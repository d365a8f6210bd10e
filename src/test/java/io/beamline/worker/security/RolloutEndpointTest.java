package io.beamline.worker.security;

import static org.assertj.core.api.Assertions.assertThat;

import io.beamline.worker.contract.StepStatus;
import io.beamline.worker.feature.FlagSnapshot;
import io.beamline.worker.rollout.RolloutRecorder;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** How both sides of a rollout compare, as anybody may ask. */
class RolloutEndpointTest extends WebTest {

  private static final String ROLLOUT = "/actuator/rollout";
  private static final String RETRY = "CP2_ADVANCED_RETRY_ENABLED";

  @Autowired private RolloutRecorder recorder;

  @AfterEach
  void turnOff() {
    assertThat(change("{\"enabled\":false}").statusCode()).isEqualTo(200);
  }

  @Test
  void isOpenOnTheManagementPortAndReadOnly() {
    assertThat(management.get(ROLLOUT).statusCode()).isEqualTo(200);
    assertThat(management.post(ROLLOUT, "{}", "Content-Type", JSON).statusCode()).isIn(403, 405);
    assertThat(management.get(ROLLOUT + "/x").statusCode()).isEqualTo(404);
    assertThat(main.get(ROLLOUT).statusCode()).isEqualTo(404);
  }

  @Test
  void comparesBothSidesSinceAFlagWasChanged() {
    assertThat(change("{\"enabled\":true}").statusCode()).isEqualTo(200);
    for (int i = 0; i < 200; i++) {
      ended(true, i < 190);
      ended(false, i < 120);
    }

    JsonNode report = report();
    JsonNode side = report.path("since_change").path("steps").path(0);
    assertThat(side.path("step_type").stringValue("")).isEqualTo("echo");
    assertThat(side.path("cp1").path("count").intValue()).isEqualTo(200);
    assertThat(side.path("cp1").path("success_rate").doubleValue()).isEqualTo(0.6);
    assertThat(side.path("cp2").path("error_rate").doubleValue()).isEqualTo(0.05);
    assertThat(side.path("cp2").path("attempts_per_step").doubleValue()).isEqualTo(2);
    assertThat(side.path("cp2").path("retries_helped").doubleValue()).isEqualTo(0.95);
    assertThat(side.path("cp2").path("p99_ms").doubleValue()).isPositive();
    assertThat(report.path("last_hour").path("steps")).isNotEmpty();
    JsonNode flag = report.path("flags").path(RETRY);
    assertThat(flag.path("verdict").stringValue("")).isEqualTo("real");
    assertThat(flag.path("line").stringValue(""))
        .startsWith(RETRY + ": success 95.0 % with it, 60.0 % without (n=200, 200): real");
    assertThat(flag.path("measures").path(0).path("real").booleanValue()).isTrue();

    assertThat(change("{\"enabled\":false}").statusCode()).isEqualTo(200);
    assertThat(report().path("since_change").path("steps")).isEmpty();
    assertThat(report().path("flags").path(RETRY).path("verdict").stringValue("")).isEqualTo("off");
    assertThat(report().path("last_hour").path("steps")).isNotEmpty();
  }

  @Test
  void saysSinceWhenItCounts() {
    JsonNode report = report();

    assertThat(report.path("counting_since").stringValue(""))
        .matches("20\\d\\d-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ");
    assertThat(report.path("last_change").stringValue(""))
        .isGreaterThanOrEqualTo(report.path("counting_since").stringValue(""));
    assertThat(report.path("method").path("level").doubleValue()).isEqualTo(0.01);
    assertThat(report.path("flags").propertyNames())
        .containsExactly(
            RETRY,
            "CP2_COMPLETE_TIMEOUT_ENABLED",
            "CP2_CIRCUIT_BREAKER_ENABLED",
            "CP2_QUEUE_MANAGEMENT_ENABLED",
            "CP2_CANCELLATION_ENABLED");
  }

  private void ended(boolean retry, boolean well) {
    recorder.ended(
        "echo",
        FlagSnapshot.of(retry, false),
        false,
        well ? StepStatus.SUCCESS : StepStatus.ERROR,
        2,
        System.nanoTime());
  }

  private JsonNode report() {
    HttpResponse<String> answer = management.get(ROLLOUT);
    assertThat(answer.statusCode()).isEqualTo(200);
    return JsonMapper.builder().build().readTree(answer.body());
  }
}
