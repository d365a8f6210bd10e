package io.beamline.worker.block.nats;

import static org.assertj.core.api.Assertions.assertThat;

import io.beamline.worker.block.Block;
import io.beamline.worker.block.ResultLimit;
import io.beamline.worker.config.NatsBlockProperties;
import io.beamline.worker.config.NatsDeliveryProperties;
import io.beamline.worker.connection.ConnectionFixture;
import io.beamline.worker.connection.NatsSessions;
import io.beamline.worker.observability.tracing.ClientSpans;
import io.beamline.worker.timeout.TimeSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Import;

/** The block is there when the settings allow a subject, and only then. */
class NatsBlockConfigurationTest {

  private static final String SETTING = "worker.blocks.nats.allowed-subjects=";

  private final ApplicationContextRunner context =
      new ApplicationContextRunner()
          .withBean(TimeSource.class, TimeSource::system)
          .withBean(ResultLimit.class, () -> () -> 1 << 20)
          .withBean(ClientSpans.class, () -> ClientSpans.OFF)
          .withBean(
              NatsSessions.class,
              () -> ConnectionFixture.sessions("nats://127.0.0.1:1", new String[0]),
              definition -> definition.setLazyInit(true))
          .withUserConfiguration(NatsBlockBeans.class);

  @ParameterizedTest
  @ValueSource(strings = {"", SETTING, SETTING + " "})
  void isNotThereWithoutAnAllowedSubject(String setting) {
    context
        .withPropertyValues(setting.isEmpty() ? new String[0] : new String[] {setting})
        .run(
            worker -> {
              assertThat(worker).hasNotFailed().doesNotHaveBean(Block.class);
              assertThat(worker).doesNotHaveBean(RequestSessions.class);
            });
  }

  @Test
  void isThereWithOne() {
    context
        .withPropertyValues(SETTING + "beamline.provider.>, prices")
        .run(
            worker -> {
              Block block = worker.getBean(Block.class);
              assertThat(block.type().name()).isEqualTo("nats.request");
              assertThat(block.destination(NatsRequestFixture.call("{\"subject\": \"prices\"}")))
                  .isEqualTo("nats:prices");
            });
  }

  @ParameterizedTest
  @ValueSource(strings = {"a..b", "_INBOX.>", "mine.>", "caf.exec.dlq.v1", "moved.dlq"})
  void stopsTheStartForAnEntryThatMeansNothing(String entry) {
    context
        .withPropertyValues(
            SETTING + "fine.x," + entry,
            "worker.nats.subjects.cancel=moved.dlq",
            "nats.spring.inbox-prefix=mine.")
        .run(
            worker ->
                assertThat(worker)
                    .getFailure()
                    .hasMessageContaining(
                        "worker.blocks.nats.allowed-subjects is '" + entry + "', but must be "));
  }

  @EnableConfigurationProperties({NatsBlockProperties.class, NatsDeliveryProperties.class})
  @Import(NatsBlockConfiguration.class)
  static class NatsBlockBeans {}
}
