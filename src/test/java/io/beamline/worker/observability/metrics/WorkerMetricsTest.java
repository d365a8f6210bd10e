package io.beamline.worker.observability.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.beamline.worker.contract.ErrorCode;
import io.beamline.worker.contract.StepStatus;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class WorkerMetricsTest {

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

  @Test
  void countersStartAtZero() {
    metrics(List.of());
    assertThat(registry.scrape())
        .contains(
            "worker_step_executions_total{cp_phase=\"cp2\",execution_status=\"cancelled\",step_type=\"none\"} 0.0",
            "worker_step_errors_total{error_code=\"CANCELLED_BY_TIMEOUT\",step_type=\"echo\"} 0.0",
            "worker_assignments_total{ack_status=\"rejected\",reason=\"queue_full\"} 0.0",
            "worker_assignments_total{ack_status=\"error\",reason=\"none\"} 0.0",
            "worker_dead_letters_total{reason=\"max_deliver\"} 0.0",
            "worker_redeliveries_total 0.0",
            "worker_duplicates_total 0.0",
            "worker_flow_execution_duration_seconds_count 0",
            "worker_result_publish_seconds_count 0");
  }

  @Test
  void hasTheSameBucketsFromOneMillisecondToAMinuteEverywhere() {
    WorkerMetrics metrics = metrics(List.of());
    metrics.flowStepEnded(Duration.ofMillis(70));
    metrics.resultPublished(Duration.ofSeconds(61));
    assertThat(buckets("worker_flow_execution_duration_seconds_bucket{"))
        .hasSize(16)
        .startsWith("0.001")
        .endsWith("60.0", "+Inf")
        .isEqualTo(buckets("worker_result_publish_seconds_bucket{"))
        .isEqualTo(
            buckets(
                "worker_step_execution_duration_seconds_bucket{cp_phase=\"cp1\","
                    + "execution_status=\"success\",step_type=\"echo\","));
    assertThat(registry.scrape())
        .contains("worker_flow_execution_duration_seconds_bucket{le=\"0.1\"} 1")
        .contains("worker_result_publish_seconds_bucket{le=\"60.0\"} 0");
  }

  @Test
  void nothingFromOutsideMakesATimeSeries() {
    WorkerMetrics metrics = metrics(List.of());
    int before = registry.getMeters().size();
    for (int i = 0; i < 50; i++) {
      metrics.stepEnded(
          "x" + i, StepStatus.ERROR, true, Duration.ZERO, ErrorCode.INTERNAL_ERROR, "tenant" + i);
      metrics.assignmentAnswered("s" + i, "r" + i);
      metrics.assignmentAnswered("rejected", "r" + i);
      metrics.deadLettered("r" + i);
    }
    assertThat(registry.getMeters()).hasSize(before);
    assertThat(registry.scrape())
        .contains(
            "worker_step_errors_total{error_code=\"INTERNAL_ERROR\",step_type=\"none\"} 50.0",
            "worker_assignments_total{ack_status=\"none\",reason=\"none\"} 50.0",
            "worker_assignments_total{ack_status=\"rejected\",reason=\"none\"} 50.0",
            "worker_dead_letters_total{reason=\"none\"} 50.0")
        .doesNotContain("tenant");
  }

  @Test
  void tellsListedTenantsApart() {
    WorkerMetrics metrics = metrics(List.of("acme"));
    metrics.stepEnded("echo", StepStatus.SUCCESS, false, Duration.ZERO, null, "acme");
    metrics.stepEnded("echo", StepStatus.SUCCESS, false, Duration.ZERO, null, "globex");
    metrics.stepEnded("echo", StepStatus.SUCCESS, false, Duration.ZERO, null, "initech");
    String labels = "{cp_phase=\"cp1\",execution_status=\"success\",step_type=\"echo\",tenant_id=";
    assertThat(registry.scrape())
        .contains(
            "worker_step_executions_total" + labels + "\"acme\"} 1.0",
            "worker_step_executions_total" + labels + "\"other\"} 2.0")
        .doesNotContain("globex");
  }

  private WorkerMetrics metrics(List<String> tenants) {
    return new WorkerMetrics(registry, List.of("echo"), tenants);
  }

  private List<String> buckets(String prefix) {
    return registry
        .scrape()
        .lines()
        .filter(line -> line.startsWith(prefix))
        .map(line -> line.replaceAll(".*le=\"([^\"]+)\".*", "$1"))
        .toList();
  }
}
