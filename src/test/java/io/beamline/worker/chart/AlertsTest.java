package io.beamline.worker.chart;

import static org.assertj.core.api.Assertions.assertThat;

import io.beamline.worker.chart.CustomResources.PrometheusRule.Rule;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** The alerts: what Prometheus says of them, and what each must have for who is woken by it. */
class AlertsTest {

  private static final Path RUNBOOK = Path.of("src/docs/alerts.md");
  private static final String DEFAULT_BASE = "https://git.example.org/beamline-worker/blob/main/";
  private static final Path UNIT_TESTS = Path.of("src/test/resources/alerts/alerts.test.yaml");

  @Test
  void areRulesOfPrometheus() {
    assertThat(Promtool.run("check", "rules", Alerts.FILE.toString())).contains("SUCCESS");
  }

  @Test
  void fireWhenTheyShouldAndOnlyThen() {
    assertThat(Promtool.run("test", "rules", UNIT_TESTS.toString())).contains("SUCCESS");
  }

  @Test
  void areAllTested() {
    JsonNode tests = Manifests.tree(read(UNIT_TESTS)).path("tests");
    Set<String> fired =
        tests.values().stream()
            .flatMap(test -> test.path("alert_rule_test").values().stream())
            .filter(test -> !test.path("exp_alerts").isEmpty())
            .map(test -> test.path("alertname").stringValue())
            .collect(Collectors.toSet());
    assertThat(fired)
        .containsExactlyInAnyOrderElementsOf(Alerts.all().stream().map(Rule::alert).toList());
  }

  @Test
  void coverWhatAnOperatorMustHearOf() {
    assertThat(Alerts.all())
        .extracting(Rule::alert)
        .contains(
            "WorkerErrorRate",
            "WorkerStepsSlowP95",
            "WorkerStepsSlowP99",
            "WorkerQueueDepthWarning",
            "WorkerQueueDepthCritical",
            "WorkerQueueRejections",
            "WorkerFileThreadsStuck",
            "WorkerSqlThreadsStuck",
            "WorkerStandsStill",
            "WorkerAttemptsStuck",
            "WorkerRetryBudgetExhausted",
            "WorkerResultsUnpublished",
            "WorkerDeadLetters",
            "WorkerNoHeartbeat",
            "WorkerFleetGone",
            "WorkerNatsAway",
            "WorkerIntakeDead",
            "WorkerOverloaded");
  }

  @Test
  void sayWhatIsWrongByHowMuchAndWhatToDo() {
    List<String> runbook = read(RUNBOOK).lines().toList();
    for (Rule rule : Alerts.all()) {
      assertThat(rule.labels().get("severity")).isIn("warning", "critical");
      assertThat(rule.annotations()).containsOnlyKeys("summary", "description", "runbook_url");
      assertThat(rule.annotations().get("description")).contains("$value").containsPattern("\\d");
      assertThat(rule.annotations().get("runbook_url"))
          .isEqualTo(DEFAULT_BASE + RUNBOOK + "#" + rule.alert().toLowerCase(Locale.ROOT));
      assertThat(runbook).contains("## " + rule.alert());
    }
  }

  @Test
  void haveAnAbsoluteAddressWithoutAnySetting() {
    JsonNode rule =
        Manifests.of(Chart.render("prometheusRule: {enabled: true}")).custom("PrometheusRule");
    assertThat(rule.findValuesAsString("runbook_url"))
        .isEqualTo(
            Alerts.all().stream().map(alert -> alert.annotations().get("runbook_url")).toList());
  }

  @Test
  void reachTheOperatorWithTheAddressOfTheRunbook() {
    String values =
        "prometheusRule: {enabled: true, runbookBaseUrl: 'https://git.example.org/worker/'}";
    JsonNode rule = Manifests.of(Chart.render(values)).custom("PrometheusRule");
    assertThat(rule.findValuesAsString("runbook_url"))
        .hasSize(Alerts.all().size())
        .allMatch(
            url -> url.startsWith("https://git.example.org/worker/src/docs/alerts.md#worker"));
    assertThat(rule.findValuesAsString("expr"))
        .isEqualTo(Alerts.all().stream().map(Rule::expr).toList());
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
