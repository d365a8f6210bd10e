package io.beamline.worker.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.core.io.ClassPathResource;

/** Settings that nothing reads, and what was meant. */
class UnknownSettingsTest {

  @Test
  void findsNoneAmongTheDefaults() throws Exception {
    ConfigurableEnvironment environment = empty();
    new YamlPropertySourceLoader()
        .load("application.yml", new ClassPathResource("application.yml"))
        .forEach(environment.getPropertySources()::addLast);
    assertThat(environment.getProperty("worker.heartbeat.interval")).isEqualTo("5s");
    assertThat(UnknownSettings.in(environment)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "worker.retry.max-atempts, worker.retry.max-attempts",
    "worker.retry.maxAtempts, worker.retry.max-attempts",
    "worker.nats.subject.assign, worker.nats.subjects.assign",
    "worker.pools.io.concurency, worker.pools.io.concurrency",
    "worker.block.fs.roots[1], worker.blocks.fs.roots",
    "worker.frobnicate, ",
  })
  void namesWhatWasMeant(String name, String nearest) {
    assertThat(in(name)).containsExactly(new UnknownSetting(name, nearest));
  }

  @ParameterizedTest
  @CsvSource({
    "WORKER_RETRY_MAX_ATEMPTS, worker.retry.max-attempts",
    "WORKER_HEARTBEAT_INTERVALL, worker.heartbeat.interval",
    "WORKER_FROBNICATE, ",
  })
  void namesAVariable(String name, String nearest) {
    assertThat(inEnvironment(name)).containsExactly(new UnknownSetting(name, nearest));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "worker.retry.max-attempts",
        "worker.retry.maxAttempts",
        "worker.blocks.fs.roots[0]",
        "worker.retry.types.echo.max-attempts",
        "worker.types.chat.inputs.subject",
        "worker.blocks.sql.datasources.orders.url",
        "worker.destinations.overrides.mail.max-rate",
        "server.tomcat.odd",
        "workers",
      })
  void leavesAloneWhatIsRead(String name) {
    assertThat(in(name)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "WORKER_ID",
        "WORKER_RETRY_MAXATTEMPTS",
        "WORKER_RETRY_MAX_ATTEMPTS",
        "WORKER_BLOCKS_FS_ROOTS_0",
        "WORKER_BLOCKS_SQL_DATASOURCES_ORDERS_URL",
        "WORKER_TYPES_CHAT_BLOCK",
        "WORKER_SERVICE_HOST",
        "WORKER_MAIN_SERVICE_PORT_HTTP",
        "WORKER_PORT",
        "WORKER_PORT_9091_TCP_ADDR",
        "BEAMLINE_WORKER_X",
        "PATH",
      })
  void leavesVariablesAloneThatAreRead(String name) {
    assertThat(inEnvironment(name)).isEmpty();
  }

  private static List<UnknownSetting> in(String name) {
    ConfigurableEnvironment environment = empty();
    environment.getPropertySources().addLast(new MapPropertySource("file", Map.of(name, "x")));
    return UnknownSettings.in(environment);
  }

  private static List<UnknownSetting> inEnvironment(String name) {
    ConfigurableEnvironment environment = empty();
    environment
        .getPropertySources()
        .addLast(new SystemEnvironmentPropertySource("variables", Map.of(name, "x")));
    return UnknownSettings.in(environment);
  }

  private static ConfigurableEnvironment empty() {
    ConfigurableEnvironment environment = new StandardEnvironment();
    environment
        .getPropertySources()
        .remove(StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME);
    environment
        .getPropertySources()
        .remove(StandardEnvironment.SYSTEM_PROPERTIES_PROPERTY_SOURCE_NAME);
    return environment;
  }
}
