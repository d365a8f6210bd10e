package io.beamline.worker.security;

import static org.assertj.core.api.Assertions.assertThat;

import io.beamline.worker.contract.ErrorCode;
import io.beamline.worker.contract.ResourcePool;
import io.beamline.worker.contract.StepStatus;
import io.beamline.worker.observability.metrics.WorkerMetrics;
import io.beamline.worker.security.WebSlice.Switch;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.system.CapturedOutput;

class ManagementPortTest extends WebTest {

  @Autowired private WorkerMetrics metrics;
  @Autowired private Switch nats;
  @Autowired private Switch intake;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/",
        "/error",
        "/actuator",
        "/actuator/env",
        "/actuator/beans",
        "/actuator/heapdump",
        "/actuator/loggers",
        "/actuator/metrics",
        "/actuator/shutdown",
        "/_health",
        "/togglz-console",
        "/login"
      })
  void showsNothingElseOnTheManagementPort(String path) {
    assertThat(management.get(path).statusCode()).isEqualTo(404);
    assertThat(management.get(path, "Authorization", ADMIN).statusCode()).isIn(403, 404);
  }

  @Test
  void showsHealthByProbe() {
    assertThat(management.get("/actuator/health").body())
        .contains("\"nats\"", "\"intake\"", "\"seen\":\"yes\"", "nats://h")
        .doesNotContain("hidden");
    assertThat(management.get("/actuator/health/liveness").body())
        .contains("livenessState", "\"intake\"")
        .doesNotContain("\"nats\"");
    assertThat(management.get("/actuator/health/readiness").body())
        .contains("readinessState", "\"nats\"")
        .doesNotContain("intake");
  }

  @Test
  void failsOnlyTheProbeOfAnUnhealthyCheck() {
    nats.healthy().set(false);
    try {
      assertThat(management.get("/actuator/health/readiness").statusCode()).isEqualTo(503);
      assertThat(management.get("/actuator/health/liveness").statusCode()).isEqualTo(200);
      assertThat(management.get("/actuator/health").statusCode()).isEqualTo(503);
      assertThat(scrape()).contains("worker_health_status{check=\"nats\"} 0.0");
    } finally {
      nats.healthy().set(true);
    }
    intake.healthy().set(false);
    try {
      assertThat(management.get("/actuator/health/liveness").statusCode()).isEqualTo(503);
      assertThat(management.get("/actuator/health/readiness").statusCode()).isEqualTo(200);
    } finally {
      intake.healthy().set(true);
    }
    assertThat(scrape()).contains("worker_health_status{check=\"intake\"} 1.0");
  }

  @Test
  void exportsTheMetricsOfTheContract() {
    metrics.watchActiveTasks(ResourcePool.IO, () -> 3);
    metrics.watchUnfinished(() -> 4);
    metrics.watchLeases(() -> 7, () -> 70);
    metrics.watchRetriesWaiting(() -> 5);
    metrics.watchUnpublished(() -> 6);
    metrics.stepEnded(
        "echo", StepStatus.ERROR, false, Duration.ofMillis(3), ErrorCode.INVALID_INPUT, "t");

    assertThat(scrape())
        .contains(
            "worker_step_executions_total{cp_phase=\"cp1\",execution_status=\"error\",step_type=\"echo\"} 1.0",
            "worker_step_execution_duration_seconds_bucket{cp_phase=\"cp1\",execution_status=\"error\",step_type=\"echo\",le=\"0.005\"} 1",
            "worker_step_errors_total{error_code=\"INVALID_INPUT\",step_type=\"echo\"} 1.0",
            "worker_flow_execution_duration_seconds_bucket{le=\"60.0\"} 0",
            "worker_active_tasks{resource_pool=\"io\"} 3.0",
            "worker_unfinished_assignments 4.0",
            "worker_leases_held 7.0",
            "worker_retries_waiting 5.0",
            "worker_unpublished_results 6.0",
            "worker_assignments_total{ack_status=\"accepted\",reason=\"none\"} 0.0",
            "worker_redeliveries_total 0.0",
            "worker_duplicates_total 0.0",
            "worker_dead_letters_total{reason=\"malformed\"} 0.0",
            "worker_result_publish_seconds_bucket{le=\"0.001\"} 0",
            "worker_feature_enabled{feature=\"CP2_QUEUE_MANAGEMENT_ENABLED\"} 0.0");
    assertThat(management.get("/metrics").body()).contains("worker_step_executions_total");
  }

  @Test
  void asksForALoginToSeeOrChangeFlags() {
    HttpResponse<String> anonymous = management.get("/actuator/togglz");
    assertThat(anonymous.statusCode()).isEqualTo(401);
    assertThat(anonymous.headers().firstValue("www-authenticate"))
        .hasValueSatisfying(challenge -> assertThat(challenge).startsWith("Basic"));
    assertThat(management.post(FLAG, "{\"enabled\":true}", "Content-Type", JSON).statusCode())
        .isEqualTo(401);
    assertThat(flags.snapshot("a", "t").advancedRetry()).isFalse();
  }

  @Test
  void changesAFlagAtOnceAndSaysWho(CapturedOutput output) {
    assertThat(change("{\"enabled\":true}").statusCode()).isEqualTo(200);
    assertThat(flags.snapshot("a", "t").advancedRetry()).isTrue();
    assertThat(scrape())
        .contains("worker_feature_enabled{feature=\"CP2_ADVANCED_RETRY_ENABLED\"} 1.0");
    assertThat(output.getOut())
        .contains("\"message\":\"Feature flag changed\"")
        .contains("\"feature\":\"CP2_ADVANCED_RETRY_ENABLED\",\"enabled\":true,\"user\":\"admin\"");

    assertThat(change("{\"enabled\":false}").statusCode()).isEqualTo(200);
    assertThat(flags.enabledNames()).isEmpty();
    assertThat(management.get("/actuator/togglz", "Authorization", ADMIN).headers().map())
        .doesNotContainKey("set-cookie");
  }

  @Test
  void takesJsonOnlySoThatNoFormCanChangeAFlag() {
    assertThat(
            management
                .post(
                    FLAG,
                    "{\"enabled\":true}",
                    "Authorization",
                    ADMIN,
                    "Content-Type",
                    "text/plain")
                .statusCode())
        .isEqualTo(415);
    HttpResponse<String> broken = change("{");
    assertThat(broken.statusCode()).isEqualTo(400);
    assertThat(broken.body())
        .isEqualTo(
            "{\"status\":400,\"error\":\"Bad Request\","
                + "\"message\":\"the body is not JSON: look at line 1, column 2\"}");
    assertThat(flags.enabledNames()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {}                                                             | enabled must be there
          {"enabled":"yes"}                                              | enabled must be there
          {"enabled":1}                                                  | enabled must be there
          {"enabled":null}                                               | enabled must be there
          {"enabled":true,"strategy":"script"}                           | one of gradual, tenants
          {"enabled":true,"strategy":"gradual"}                          | percentage is missing
          {"enabled":true,"strategy":"gradual","parameters":"percentage=x"} | percentage must be a number
          {"enabled":true,"strategy":"gradual","parameters":"percentage=101"} | percentage must be a number
          {"enabled":true,"strategy":"tenants","parameters":"acme"}      | must be name=value
          {"enabled":true,"strategy":"tenants","parameters":"tenants=<b>"} | tenants must be ids
          {"reset":false}                                                | reset must be true
          {"reset":true,"enabled":true}                                  | nothing else beside it
          """)
  void saysWhatIsWrongWithABodyAndChangesNothing(String body, String sentence) {
    HttpResponse<String> answer = change(body);

    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.body()).contains("\"error\":\"Bad Request\"", sentence);
    assertThat(flags.enabledNames()).isEmpty();
  }

  @Test
  void knowsNoOtherFlags() {
    HttpResponse<String> answer =
        management.post(
            "/actuator/togglz/CP3",
            "{\"enabled\":true}",
            "Authorization",
            ADMIN,
            "Content-Type",
            JSON);

    assertThat(answer.statusCode()).isEqualTo(404);
    assertThat(answer.body()).contains("There is no flag of this name");
  }

  @Test
  void turnsAFlagOnForSomeTenantsAndBackForAll() {
    String some = "{\"enabled\":true,\"strategy\":\"tenants\",\"parameters\":\"tenants=acme\"}";
    assertThat(change(some).statusCode()).isEqualTo(200);
    assertThat(flags.snapshot("a", "acme").advancedRetry()).isTrue();
    assertThat(flags.snapshot("a", "globex").advancedRetry()).isFalse();

    assertThat(change("{\"enabled\":true,\"strategy\":\"\"}").statusCode()).isEqualTo(200);
    assertThat(flags.snapshot("a", "globex").advancedRetry()).isTrue();
    assertThat(change("{\"enabled\":false}").statusCode()).isEqualTo(200);
  }

  @Test
  void turnsAFlagOnForAListOfTenantsAndPutsItBack() {
    String some =
        "{\"enabled\":true,\"strategy\":\"tenants\",\"parameters\":\"tenants=acme,globex\"}";
    HttpResponse<String> changed = change(some);
    assertThat(changed.statusCode()).isEqualTo(200);
    assertThat(changed.body()).contains("\"State from\":\"this worker, until it restarts");
    assertThat(changed.body()).contains("by admin on worker-under-test");
    assertThat(flags.snapshot("a", "acme").advancedRetry()).isTrue();
    assertThat(flags.snapshot("a", "globex").advancedRetry()).isTrue();
    assertThat(flags.snapshot("a", "initech").advancedRetry()).isFalse();

    HttpResponse<String> back = change("{\"reset\":true}");
    assertThat(back.statusCode()).isEqualTo(200);
    assertThat(back.body()).contains("\"State from\":\"configuration\"");
    assertThat(flags.enabledNames()).isEmpty();
  }
}
