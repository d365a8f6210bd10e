package io.beamline.worker.chart;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What an operator reads after the installation. */
class ChartNotesTest {

  @Test
  void saysWhatToMake() {
    assertThat(NatsCommands.in(Chart.notes(""))).hasSize(7);
    assertThat(NatsCommands.in(Chart.notes("worker: {features: {store: nats-kv, bucket: flags}}")))
        .hasSize(8)
        .last()
        .asString()
        .startsWith("nats kv add flags ");
  }

  @Test
  void saysInWhichDomain() {
    String values = "worker: {nats: {jetstreamDomain: hub}, features: {store: nats-kv}}";
    assertThat(NatsCommands.in(Chart.notes(values)))
        .hasSize(8)
        .allMatch(command -> command.contains(" --js-domain=hub"));
    assertThat(Chart.notes("")).doesNotContain("--js-domain");
  }

  @Test
  void saysNothingOfWhatIsMadeOrNotNeeded() {
    assertThat(NatsCommands.in(Chart.notes("worker: {nats: {provision: true}}"))).isEmpty();
    assertThat(NatsCommands.in(Chart.notes("worker: {nats: {delivery: core}}"))).isEmpty();
  }

  @Test
  void saysHowAlertsGetARunbook() {
    assertThat(Chart.notes("prometheusRule: {enabled: true}"))
        .contains("The alerts have no runbook_url: set prometheusRule.runbookBaseUrl");
    assertThat(
            Chart.notes(
                "prometheusRule: {enabled: true, runbookBaseUrl: 'https://git.example.com/w/'}"))
        .doesNotContain("runbookBaseUrl");
    assertThat(Chart.notes("")).doesNotContain("runbookBaseUrl");
  }

  @Test
  void warnsWithoutAPassword() {
    assertThat(Chart.notes("")).contains("No password was set");
    assertThat(Chart.notes("worker: {admin: {existingSecret: s}}"))
        .doesNotContain("No password was set");
  }
}
