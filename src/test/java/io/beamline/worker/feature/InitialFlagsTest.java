package io.beamline.worker.feature;

import static io.beamline.worker.feature.WorkerFeature.CP2_ADVANCED_RETRY_ENABLED;
import static org.assertj.core.api.Assertions.assertThat;

import io.beamline.worker.support.LogLines;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.env.MutablePropertySources;
import org.springframework.core.env.PropertySourcesPropertyResolver;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.core.io.ByteArrayResource;
import org.togglz.core.repository.FeatureState;

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
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          percentage=10       | gradual | {percentage=10}
          ' percentage = 5 %' | gradual | {percentage=5}
          12.5%               | gradual | {percentage=12.5}
          0%                  | gradual | {percentage=0}
          100 %               | gradual | {percentage=100}
          tenants=acme        | tenants | {tenants=acme}
          tenants=a, b        | tenants | '{tenants=a,b}'
          """)
  void readsForWhomAFlagIsOn(String value, String strategy, String parameters) throws IOException {
    yml("\"" + value + "\"");
    assertThat(state().isEnabled()).isTrue();
    assertThat(state().getStrategyId()).isEqualTo(strategy);
    assertThat(state().getParameterMap()).hasToString(parameters);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          percentage=101            | percentage must be a number from 0 to 100
          110%                      | percentage must be a number from 0 to 100
          percentage=               | percentage is missing
          percent=10                | there are percentage and tenants
          tenants=                  | tenants is missing
          tenants=<b>               | tenants must be ids of tenants
          percentage=1,tenants=acme | tenants goes with the strategy tenants only
          10                        | it must be true, false, a share such as
          """)
  void saysWhatIsWrongWithAValueAndLeavesTheFlagOff(String value, String cause) {
    environment(value);
    try (LogLines log = new LogLines()) {
      assertThat(on()).isFalse();
      assertThat(log.warnings())
          .singleElement()
          .satisfies(line -> assertThat(line).contains(NAME, "stays off", cause));
    }
  }

  @Test
  void aQueueHasNoTenants() {
    sources.addFirst(
        new SystemEnvironmentPropertySource(
            "environment", Map.of("CP2_QUEUE_MANAGEMENT_ENABLED", "tenants=acme")));
    try (LogLines log = new LogLines()) {
      assertThat(
              InitialFlags.of(new PropertySourcesPropertyResolver(sources)).values().stream()
                  .noneMatch(FeatureState::isEnabled))
          .isTrue();
      assertThat(log.warnings())
          .singleElement()
          .satisfies(line -> assertThat(line).contains("but not by tenants"));
    }
  }

  private boolean on() {
    return state().isEnabled();
  }

  private FeatureState state() {
    return Objects.requireNonNull(
        InitialFlags.of(new PropertySourcesPropertyResolver(sources))
            .get(CP2_ADVANCED_RETRY_ENABLED));
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
