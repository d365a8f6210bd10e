package io.beamline.worker.feature;

import static io.beamline.worker.feature.WorkerFeature.CP2_ADVANCED_RETRY_ENABLED;
import static org.assertj.core.api.Assertions.assertThat;

import io.beamline.worker.support.LogLines;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.env.MutablePropertySources;
import org.springframework.core.env.PropertySourcesPropertyResolver;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.core.io.ByteArrayResource;

class InitialFlagsTest {

  private static final String NAME = "CP2_ADVANCED_RETRY_ENABLED";

  private final MutablePropertySources sources = new MutablePropertySources();

  @ParameterizedTest
  @ValueSource(strings = {"true", "True", "1", "yes", "YES", "\"yes\"", "'1'"})
  void readsApplicationYml(String value) throws IOException {
    yml(value);
    assertThat(on()).isTrue();
  }

  @Test
  void theEnvironmentComesBeforeApplicationYml() throws IOException {
    yml("true");
    environment("no");
    assertThat(on()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"on", "y", "tru", "truE1", "01", "yes!"})
  void warnsOfAnyOtherWordWithItsNameAndValue(String value) {
    environment(value);
    try (LogLines log = new LogLines()) {
      assertThat(on()).isFalse();
      assertThat(log.warnings())
          .singleElement()
          .satisfies(line -> assertThat(line).contains(NAME, "\"" + value + "\""));
    }
  }

  private boolean on() {
    return InitialFlags.of(new PropertySourcesPropertyResolver(sources))
        .getOrDefault(CP2_ADVANCED_RETRY_ENABLED, false);
  }

  private void environment(String value) {
    sources.addFirst(new SystemEnvironmentPropertySource("environment", Map.of(NAME, value)));
  }

  private void yml(String value) throws IOException {
    byte[] file = (NAME + ": " + value).getBytes(StandardCharsets.UTF_8);
    new YamlPropertySourceLoader()
        .load("yml", new ByteArrayResource(file))
        .forEach(sources::addLast);
  }
}
