package io.beamline.worker.config;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.beamline.worker.retry.Jitter;
import io.beamline.worker.retry.RetryOverride;
import io.beamline.worker.retry.RetryOverrides;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.core.io.ByteArrayResource;

/** Retry settings of types and statuses, as files and the environment give them. */
class RetryOverrideSettingsTest {

  private static final List<String> TYPES = List.of("http.request", "fs.blob_put", "echo");

  @Test
  void areNoneByDefault() {
    assertThat(RetryOverrideSettings.of(settings(new StandardEnvironment()), ConfiguredTypes.NONE))
        .isEqualTo(RetryOverrides.NONE);
  }

  @Test
  void areReadFromAFile() throws Exception {
    String yaml =
        """
        worker.retry:
          types:
            http.request: {max-attempts: 2, base-delay: 1s, max-delay: 5m, multiplier: 3, jitter: full}
            fs.blob_put:
              base-delay: 20
          statuses:
            429: {base-delay: 2s, jitter: EQUAL}
        """;
    StandardEnvironment environment = new StandardEnvironment();
    new YamlPropertySourceLoader()
        .load("test", new ByteArrayResource(yaml.getBytes(UTF_8)))
        .forEach(environment.getPropertySources()::addFirst);

    assertThat(RetryOverrideSettings.of(settings(environment), ConfiguredTypes.NONE))
        .isEqualTo(
            new RetryOverrides(
                Map.of(
                    "httprequest",
                    new RetryOverride(
                        2, Duration.ofSeconds(1), Duration.ofMinutes(5), 3.0, Jitter.FULL),
                    "fsblobput",
                    new RetryOverride(null, Duration.ofMillis(20), null, null, null)),
                Map.of(
                    429,
                    new RetryOverride(null, Duration.ofSeconds(2), null, null, Jitter.EQUAL))));
  }

  @Test
  void areReadFromTheEnvironment() {
    StandardEnvironment environment = new StandardEnvironment();
    environment
        .getPropertySources()
        .addFirst(
            new SystemEnvironmentPropertySource(
                StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME,
                new HashMap<>(
                    Map.of(
                        "WORKER_RETRY_TYPES_FS_BLOB_PUT_MAX_ATTEMPTS", "7",
                        "WORKER_RETRY_STATUSES_503_BASE_DELAY", "3s"))));

    RetryProperties settings = settings(environment);

    RetryOverrideSettings.refuseUnknownTypes(settings, TYPES);
    assertThat(RetryOverrideSettings.of(settings, ConfiguredTypes.NONE))
        .isEqualTo(
            new RetryOverrides(
                Map.of("fsblobput", new RetryOverride(7, null, null, null, null)),
                Map.of(503, new RetryOverride(null, Duration.ofSeconds(3), null, null, null))));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "http.request.max-attempts | 0 | a whole number from 1 to 20",
        "http.request.max-attempts | 1.5 | a whole number from 1 to 20",
        "http.request.base-delay | 61s | a time such as 500ms, 30s or 5m from 1ms to 1m",
        "http.request.base-delay | soon | a time such as 500ms, 30s or 5m from 1ms to 1m",
        "http.request.max-delay | 0 | a time such as 500ms, 30s or 5m from 1ms to 1h",
        "http.request.multiplier | 11 | a number from 1.0 to 10.0",
        "http.request.multiplier | NaN | a number from 1.0 to 10.0",
        "http.request.jitter | some | one of none, full, equal",
        "http.request.attempts | 3 | a name followed by one of max-attempts, base-delay, max-delay,"
            + " multiplier, jitter",
      })
  void refuseWhatMakesNoSense(String name, String value, String rule) {
    assertThatThrownBy(
            () ->
                RetryOverrideSettings.of(
                    settings(Map.of(name, value), Map.of()), ConfiguredTypes.NONE))
        .isInstanceOf(UnusableSettingException.class)
        .hasMessage(
            "worker.retry.types." + name + " is '" + value + "', but must be " + rule + ".");
  }

  @ParameterizedTest
  @ValueSource(strings = {"200", "399", "600", "5xx", "50"})
  void refuseOtherStatuses(String status) {
    Map<String, String> statuses = Map.of(status + ".jitter", "full");

    assertThatThrownBy(
            () -> RetryOverrideSettings.of(settings(Map.of(), statuses), ConfiguredTypes.NONE))
        .hasMessage(
            "worker.retry.statuses."
                + status
                + ".jitter is 'full', but must be for a status from 400 to 599.");
  }

  @Test
  void refuseUnknownTypes() {
    RetryProperties settings = settings(Map.of("http.get.jitter", "full"), Map.of());

    assertThatThrownBy(() -> RetryOverrideSettings.refuseUnknownTypes(settings, TYPES))
        .hasMessage(
            "worker.retry.types.http.get.jitter is 'full', but must be for one of the types echo,"
                + " fs.blob_put, http.request.");
  }

  private static RetryProperties settings(Map<String, String> types, Map<String, String> statuses) {
    RetryProperties plain = settings(new StandardEnvironment());
    return new RetryProperties(
        plain.maxAttempts(),
        plain.baseDelay(),
        plain.maxDelay(),
        plain.multiplier(),
        plain.jitter(),
        plain.maxWaiting(),
        plain.retryableCodes(),
        plain.retryableStatuses(),
        types,
        statuses);
  }

  private static RetryProperties settings(StandardEnvironment environment) {
    return new Binder(ConfigurationPropertySources.get(environment))
        .bindOrCreate("worker.retry", Bindable.of(RetryProperties.class));
  }
}
