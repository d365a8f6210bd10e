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

  @ParameterizedTest
  @ValueSource(strings = {"25%", " 25 %", "0.5%", "100%", "0%"})
  void readsAPercentage(String value) {
    environment(value);
    String percentage = value.replace("%", "").strip();
    assertThat(state()).isEqualTo(new InitialFlag(true, percentage));
    FlagState state = FlagState.configured(CP2_ADVANCED_RETRY_ENABLED, state());
    assertThat(state.decision())
        .isEqualTo(FlagDecision.Share.ofPercent(Double.parseDouble(percentage)));
    assertThat(state.state().getStrategyId()).isEqualTo("gradual");
    assertThat(state.origin().isConfiguration()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"101%", "-1%", "%", "ten%", "25"})
  void takesNothingElseForAPercentage(String value) {
    environment(value);
    try (LogLines log = new LogLines()) {
      assertThat(state()).isEqualTo(InitialFlag.OFF);
      assertThat(log.warnings()).hasSize(1);
    }
  }

  private boolean on() {
    return state().equals(InitialFlag.ON);
  }

  private InitialFlag state() {
    return InitialFlags.of(new PropertySourcesPropertyResolver(sources))
        .getOrDefault(CP2_ADVANCED_RETRY_ENABLED, InitialFlag.OFF);
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
