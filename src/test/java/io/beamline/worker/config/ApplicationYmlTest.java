package io.beamline.worker.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.io.ClassPathResource;

class ApplicationYmlTest {

  static Stream<Class<? extends Record>> records() {
    return SettingsCheck.RECORDS.stream();
  }

  @ParameterizedTest
  @MethodSource("records")
  void statesTheDefaults(Class<? extends Record> record) {
    String prefix = record.getAnnotation(ConfigurationProperties.class).value();
    assertThat(SettingsCheck.binder(environment(Map.of())).bindOrCreate(prefix, record))
        .isEqualTo(SettingsCheck.binder(new StandardEnvironment()).bindOrCreate(prefix, record));
  }

  @Test
  void takesTheAddressOfNatsFromItsVariable() {
    assertThat(environment(Map.of()).getProperty("nats.spring.server"))
        .isEqualTo("nats://127.0.0.1:4222");
    assertThat(environment(Map.of("NATS_URL", "nats://a:1")).getProperty("nats.spring.server"))
        .isEqualTo("nats://a:1");
  }

  private static StandardEnvironment environment(Map<String, Object> variables) {
    StandardEnvironment environment = new StandardEnvironment();
    environment.getPropertySources().addFirst(new MapPropertySource("variables", variables));
    try {
      new YamlPropertySourceLoader()
          .load("yml", new ClassPathResource("application.yml"))
          .forEach(environment.getPropertySources()::addLast);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    return environment;
  }
}
