package io.beamline.worker.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.nats.spring.boot.autoconfigure.NatsProperties;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.context.properties.bind.Binder;

class TrimmedSettingsTest {

  @ParameterizedTest
  @ValueSource(strings = {"\n", "\r\n", "\n\n"})
  void removesTheLineEndsOfSecretsAndKeepsTheirBlanks(String end) {
    Binder settings =
        trimmed(
            Map.of(
                "worker.admin.password", " a b " + end,
                "nats.spring.username", "worker" + end,
                "nats.spring.password", "p " + end,
                "nats.spring.token", "t" + end,
                "nats.spring.nkey", "SU" + end,
                "nats.spring.key-store-password", "k" + end,
                "nats.spring.trust-store-password", "s" + end));

    NatsProperties nats = settings.bindOrCreate("nats.spring", NatsProperties.class);
    assertThat(settings.bindOrCreate("worker", WorkerProperties.class).admin().password())
        .isEqualTo(" a b ");
    assertThat(nats.getUsername()).isEqualTo("worker");
    assertThat(nats.getPassword()).isEqualTo("p ");
    assertThat(nats.getToken()).isEqualTo("t");
    assertThat(nats.getNkey()).isEqualTo("SU");
    assertThat(nats.getKeyStorePassword()).containsExactly('k');
    assertThat(nats.getTrustStorePassword()).containsExactly('s');
  }

  @Test
  void removesBlanksAroundAllOtherSettings() {
    Binder settings =
        trimmed(
            Map.of(
                "worker.id", " w-1\r\n",
                "worker.nats.durable", "fleet\n",
                "worker.nats.subjects.assign", "\ta.b ",
                "worker.timeouts.total", "5s\n",
                "nats.spring.server", " nats://h:1\n"));

    assertThat(settings.bindOrCreate("worker", WorkerProperties.class).id()).isEqualTo("w-1");
    NatsDeliveryProperties nats =
        settings.bindOrCreate("worker.nats", NatsDeliveryProperties.class);
    assertThat(nats.durable()).isEqualTo("fleet");
    assertThat(nats.subjects().assign()).isEqualTo("a.b");
    assertThat(settings.bindOrCreate("worker.timeouts", TimeoutProperties.class).total())
        .isEqualTo(Duration.ofSeconds(5));
    assertThat(settings.bindOrCreate("nats.spring", NatsProperties.class).getServer())
        .isEqualTo("nats://h:1");
  }

  private static Binder trimmed(Map<String, String> settings) {
    var environment = Variables.environment(settings);
    TrimmedSettings.apply(environment);
    return SettingsCheck.binder(environment);
  }
}
