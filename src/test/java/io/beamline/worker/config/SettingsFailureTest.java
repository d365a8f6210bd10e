package io.beamline.worker.config;

import static io.beamline.worker.config.Variables.environment;
import static io.beamline.worker.config.Variables.explain;
import static io.beamline.worker.config.Variables.faultOf;
import static io.beamline.worker.config.Variables.faultsOf;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.web.server.PortInUseException;
import org.springframework.context.annotation.Import;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.util.unit.DataSize;

class SettingsFailureTest {

  @Test
  void neverShowsAPassword() {
    assertThat(faultOf("worker.admin.password", "s".repeat(72))).isNull();
    assertThat(faultOf("worker.admin.password", "s".repeat(73)))
        .isEqualTo(
            "worker.admin.password is '(hidden)', but must be at most 72 bytes in UTF-8 without"
                + " control characters.");
    assertThat(faultOf("worker.admin.password", "two\nlines"))
        .startsWith("worker.admin.password is '(hidden)', but must be");
  }

  @Test
  void namesAllFaultsAtOnce() {
    String faults =
        faultsOf(
            Map.of(
                "worker.retry.max-attempts", "99",
                "worker.retry.jitter", "lots",
                "worker.nats.max-deliver", "abc",
                "worker.timeouts.fs.read", "0"));
    assertThat(faults)
        .isNotNull()
        .contains(
            "worker.retry.max-attempts is '99', but must be a whole number from 1 to 20.",
            "worker.retry.jitter is 'lots', but must be one of none, full, equal.",
            "worker.nats.max-deliver is 'abc', but must be a whole number from 1 to 1000.",
            "worker.timeouts.fs.read is '0', but must be a time such as 500ms, 30s or 5m from 1ms"
                + " to 1h.");
    assertThat(String.valueOf(faults).lines()).hasSize(4);
  }

  @Test
  void keepsThresholdsInOrder() {
    assertThat(
            faultsOf(
                Map.of(
                    "worker.queue.thresholds.degraded", "0.7",
                    "worker.queue.thresholds.overloaded", "0.6")))
        .isEqualTo(
            "worker.queue.thresholds is 'Thresholds[degraded=0.7, overloaded=0.6]', but must be"
                + " overloaded not below degraded.");
  }

  @Test
  void takesFoldersSeparatedByCommas() {
    ConfigurableEnvironment environment =
        environment(Map.of("worker.blocks.fs.roots", "./data, /tmp/beamline ,/var/x"));
    assertThat(
            SettingsCheck.binder(environment)
                .bind("worker.blocks.fs", FileBlockProperties.class)
                .get()
                .roots())
        .containsExactly("./data", "/tmp/beamline", "/var/x");
    assertThat(faultOf("worker.blocks.fs.roots", ""))
        .isEqualTo(
            "worker.blocks.fs.roots is '', but must be at least one value, and none of them"
                + " empty.");
    assertThat(faultOf("worker.blocks.fs.roots", "/var/x,"))
        .startsWith("worker.blocks.fs.roots is '/var/x,', but must be at least one value");
  }

  @Test
  void keepsSubjectsApart() {
    assertThat(faultOf("worker.nats.subjects.ack", "caf.exec.assign.v1"))
        .startsWith("worker.nats.subjects is 'Subjects[assign=caf.exec.assign.v1, ack=caf.exec")
        .endsWith("but must be six subjects that differ from each other.");
  }

  @Test
  void suspectsTheSettingsWhateverTheStartFailedOver() {
    assertThat(explain(environment(Map.of("server.port", "70000")), new IllegalStateException()))
        .isEqualTo("server.port is '70000', but must be a whole number from 0 to 65535.");
  }

  @Test
  void namesWhatARoomRefuses() {
    Throwable refusal = new UnusableSettingException("worker.x", "1", "another one");
    assertThat(explain(environment(Map.of()), new IllegalStateException(refusal)))
        .isEqualTo("worker.x is '1', but must be another one.");
  }

  @Test
  void namesThePortThatIsTaken() {
    Map<String, String> ports = Map.of("server.port", "81", "management.server.port", "82");
    assertThat(explain(environment(ports), new PortInUseException(81)))
        .isEqualTo("server.port is '81', but must be a port that nothing else uses.");
    assertThat(explain(environment(ports), new PortInUseException(82)))
        .isEqualTo("management.server.port is '82', but must be a port that nothing else uses.");
  }

  @Test
  void takesNoPortForBothServers() {
    new ApplicationContextRunner()
        .withUserConfiguration(Settings.class, PortsConfiguration.class)
        .withPropertyValues("server.port=81", "management.server.port=81")
        .run(
            context ->
                assertThat(
                        explain(environment(Map.of()), requireNonNull(context.getStartupFailure())))
                    .isEqualTo(
                        "management.server.port is '81', but must be another port than"
                            + " server.port."));
  }

  @Test
  void anEmptyNumberIsAFault() {
    assertThat(faultOf("worker.retry.max-attempts", ""))
        .isEqualTo("worker.retry.max-attempts is '', but must be a whole number from 1 to 20.");
  }

  @Test
  void anEmptyVariableOfAnotherKindMeansTheDefault() {
    Binder binder =
        SettingsCheck.binder(
            environment(
                Map.of(
                    "worker.timeouts.total", "",
                    "worker.nats.delivery", "",
                    "worker.nats.max-unpublished", "")));
    assertThat(binder.bindOrCreate("worker.timeouts", TimeoutProperties.class).total())
        .isEqualTo(Duration.ofSeconds(30));
    NatsDeliveryProperties nats = binder.bindOrCreate("worker.nats", NatsDeliveryProperties.class);
    assertThat(nats.delivery()).isEqualTo(NatsDeliveryProperties.DeliveryMode.JETSTREAM);
    assertThat(nats.maxUnpublished()).isEqualTo(DataSize.ofMegabytes(64));
  }

  @Test
  void explainsAStartThatFails() {
    new ApplicationContextRunner()
        .withUserConfiguration(Settings.class)
        .withPropertyValues("worker.retry.max-attempts=0", "worker.queue.rejection-policy=x")
        .run(
            context ->
                assertThat(
                        explain(
                            environment(Map.of("worker.retry.max-attempts", "0")),
                            requireNonNull(context.getStartupFailure())))
                    .isEqualTo(
                        "worker.retry.max-attempts is '0', but must be a whole number from 1 to"
                            + " 20."));
  }

  @Test
  void leavesStartsThatFailWithRightSettingsToOthers() {
    Throwable failure = new IllegalStateException("something else");
    assertThat(new SettingsFailureAnalyzer(environment(Map.of())).analyze(failure)).isNull();
  }

  @Import(SettingsConfiguration.class)
  static class Settings {}
}
