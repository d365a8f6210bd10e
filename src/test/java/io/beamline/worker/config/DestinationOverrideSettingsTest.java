package io.beamline.worker.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.beamline.worker.destination.DestinationLimits;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

/** What {@code worker.destinations.overrides} may say, and how it is refused. */
class DestinationOverrideSettingsTest {

  @Test
  void saysNothingWithoutOverrides() {
    assertThat(read(Map.of())).isEmpty();
  }

  @Test
  void keepsWhatAnOverrideLeavesOut() {
    List<DestinationOverride> overrides =
        read(
            Map.of(
                "slow.match", "api.example.org",
                "slow.max-concurrency", "8",
                "slow.breaker.open-for", "1m"));

    assertThat(overrides).hasSize(1);
    assertThat(overrides.getFirst().name()).isEqualTo("slow");
    assertThat(overrides.getFirst().match()).isEqualTo("api.example.org");
    DestinationLimits limits = overrides.getFirst().limits();
    assertThat(limits.maxConcurrency()).isEqualTo(8);
    assertThat(limits.breaker().openFor()).isEqualTo(Duration.ofMinutes(1));
    assertThat(limits.breaker().window()).isEqualTo(20);
    assertThat(limits.retryBudget()).isEqualTo(20);
  }

  @Test
  void comesFromTheEnvironmentToo() {
    List<DestinationOverride> overrides =
        read(
            Map.of(
                "b.match", "x",
                "a.match", "y",
                "a.breaker.failure.rate", "80",
                "a.max.rate", "5",
                "a.retry.minimum", "0"));

    assertThat(overrides).extracting(DestinationOverride::name).containsExactly("a", "b");
    DestinationLimits limits = overrides.getFirst().limits();
    assertThat(limits.breaker().failureRate()).isEqualTo(80);
    assertThat(limits.maxRate()).isEqualTo(5);
    assertThat(limits.retryMinimum()).isZero();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          slow.max-concurrency    | -1   | a whole number from 0 to 1000000
          slow.max-rate           | many | a whole number from 0 to 1000000
          slow.retry-budget       | 101  | a whole number from 0 to 100
          slow.breaker.window     | 0    | a whole number from 1 to 10000
          slow.breaker.minimum    | 21   | not above the window, which is 20
          slow.breaker.open-for   | 1ms  | a time such as 500ms, 30s or 5m from 100ms to 1h
          slow.breaker.trials     | 1.5  | a whole number from 1 to 1000
          slow.colour             | red  | a name followed by one of match, max-concurrency
          slow.rematch            | x    | a name followed by one of match, max-concurrency
          other.max-rate          | 5    | beside a setting other.match
          slow.breaker.max-rate   | 5    | beside a setting slow.breaker.match
          slow_match              | y    | set once
          """)
  void refusesWhatMakesNoSense(String name, String value, String rule) {
    Map<String, String> overrides = new TreeMap<>();
    overrides.put("slow.match", "x");
    overrides.put(name, value);
    assertThatExceptionOfType(UnusableSettingException.class)
        .isThrownBy(() -> read(overrides))
        .withMessageContaining("worker.destinations.overrides.")
        .withMessageContaining("is '" + value + "', but must be " + rule);
  }

  private static List<DestinationOverride> read(Map<String, String> overrides) {
    return DestinationOverrideSettings.of(
        new DestinationProperties(defaults().breaker(), 20, 10, 0, 0, overrides));
  }

  private static DestinationProperties defaults() {
    return new Binder(new MapConfigurationPropertySource(Map.of()))
        .bindOrCreate("worker.destinations", DestinationProperties.class);
  }
}
