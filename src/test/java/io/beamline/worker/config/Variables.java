package io.beamline.worker.config;

import static java.util.Objects.requireNonNull;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.validation.ValidationBindHandler;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

/** Settings as environment variables, and what a start says about them. */
final class Variables {

  private Variables() {}

  /** What a start with this variable says about it; null when it takes it. */
  static @Nullable String faultOf(String name, String value) {
    return faultsOf(Map.of(name, value));
  }

  /** What a start with these variables says about them; null when it takes them. */
  static @Nullable String faultsOf(Map<String, String> settings) {
    ConfigurableEnvironment environment = environment(settings);
    Binder binder = SettingsCheck.binder(environment);
    try {
      for (Class<? extends Record> type : SettingsCheck.RECORDS) {
        String prefix = type.getAnnotation(ConfigurationProperties.class).value();
        binder.bindOrCreate(
            prefix, Bindable.of(type), new ValidationBindHandler(new SettingsValidator()));
      }
      return null;
    } catch (BindException e) {
      return explain(environment, new IllegalStateException(e));
    }
  }

  static String explain(ConfigurableEnvironment environment, Throwable failure) {
    return requireNonNull(new SettingsFailureAnalyzer(environment).analyze(failure))
        .getDescription();
  }

  static ConfigurableEnvironment environment(Map<String, String> settings) {
    Map<String, Object> variables = new HashMap<>();
    settings.forEach((name, value) -> variables.put(variable(name), value));
    StandardEnvironment environment = new StandardEnvironment();
    environment
        .getPropertySources()
        .addFirst(new SystemEnvironmentPropertySource("test-systemEnvironment", variables));
    return environment;
  }

  static String variable(String name) {
    return name.replace('.', '_').replace('-', '_').toUpperCase(Locale.ROOT);
  }
}
