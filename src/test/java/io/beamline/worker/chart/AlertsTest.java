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
  void haveNoAddressThatLeadsNowhere() {
    JsonNode rule = rendered("");
    assertThat(rule.findValuesAsString("alert"))
        .isEqualTo(Alerts.all().stream().map(Rule::alert).toList());
    assertThat(rule.findValuesAsString("runbook_url")).isEmpty();
    assertThat(rule.toString()).doesNotContain("git.example.org");
  }

  @Test
  void canAllBeTuned() throws IOException {
    JsonNode schema =
        Manifests.tree(read(Chart.FOLDER.resolve("values.schema.json")))
            .at("/properties/prometheusRule/properties/alerts/properties");
    StringBuilder alerts = new StringBuilder();
    for (Rule rule : Alerts.all()) {
      boolean limited =
          schema.at("/" + rule.alert() + "/$ref").stringValue().endsWith("limitedAlert");
      alerts.append(
          "%s: {for: 7m, severity: page%s}, "
              .formatted(rule.alert(), limited ? ", threshold: 0.777" : ""));
    }
    assertThat(schema.propertyNames())
        .containsExactlyInAnyOrderElementsOf(Alerts.all().stream().map(Rule::alert).toList());

    JsonNode rule = rendered("alerts: {" + alerts + "}");

    StrictModel.check(rule);
    assertThat(rule.findValuesAsString("for")).hasSize(Alerts.all().size()).containsOnly("7m");
    assertThat(rule.findValuesAsString("severity")).containsOnly("page");
    assertThat(rule.findValuesAsString("expr").stream().filter(expr -> expr.contains("0.777")))
        .hasSize(17);
    Path file = Files.createTempFile("alerts-", ".yaml");
    try {
      Files.writeString(file, rule.path("spec").toString());
      assertThat(Promtool.run("check", "rules", file.toString())).contains("SUCCESS");
    } finally {
      Files.delete(file);
    }
  }

  @Test
  void sayTheLimitsThatAnOperatorSets() {
    JsonNode rule =
        rendered(
            """
            alerts:
              WorkerErrorRate: {threshold: 0.1}
              WorkerStepsSlowP95: {threshold: 25, for: 20m}
              WorkerNotAnswering: {for: 9m}
              WorkerNoHeartbeat: {threshold: 12}
              WorkerDeadLetters: {enabled: false}
            """);
    assertThat(alert(rule, "WorkerErrorRate").path("expr").stringValue())
        .contains("[5m])) > 0.1\n", "> 20")
        .doesNotContain("0.05");
    assertThat(description(rule, "WorkerErrorRate")).contains("over 5 minutes (limit 0.1).");
    assertThat(alert(rule, "WorkerErrorRate").path("for").stringValue()).isEqualTo("5m");
    assertThat(alert(rule, "WorkerStepsSlowP95").path("expr").stringValue()).contains("> 25");
    assertThat(description(rule, "WorkerStepsSlowP95")).contains("(limit 25 for 20m).");
    assertThat(description(rule, "WorkerNotAnswering")).contains("a scrape for 9m (up is");
    assertThat(alert(rule, "WorkerNoHeartbeat").path("expr").stringValue())
        .startsWith("worker_heartbeats_missed >= 12 unless")
        .endsWith("== 0");
    assertThat(rule.findValuesAsString("alert"))
        .hasSize(Alerts.all().size() - 1)
        .doesNotContain("WorkerDeadLetters");
  }

  private static JsonNode rendered(String values) {
    String all = "prometheusRule:\n  enabled: true\n" + values.indent(2);
    return Manifests.of(Chart.render(all)).custom("PrometheusRule");
  }

  private static JsonNode alert(JsonNode rule, String name) {
    return rule.at("/spec/groups").values().stream()
        .flatMap(group -> group.path("rules").values().stream())
        .filter(one -> one.path("alert").stringValue().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private static String description(JsonNode rule, String name) {
    return alert(rule, name).at("/annotations/description").stringValue();
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
