package io.beamline.worker.config;

import io.nats.spring.boot.autoconfigure.NatsProperties;
import java.beans.PropertyDescriptor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.BeanUtils;
import org.springframework.boot.EnvironmentPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.DataObjectPropertyName;
import org.springframework.core.Ordered;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;

/**
 * Trims settings that come from files and Secrets (contract section 8). It removes blanks and line
 * ends around a value; for a secret only line ends, because a blank may belong to it. Runs once
 * before the settings are bound.
 */
final class TrimmedSettings implements EnvironmentPostProcessor, Ordered {

  private static final String SOURCE = "trimmedSettings";
  private static final Pattern SECRET = Pattern.compile(".*(password|token|nkey)");
  private static final Pattern LINE_ENDS = Pattern.compile("^[\\r\\n\\uFEFF]+|[\\r\\n]+$");
  private static final List<String> TLS_SECRETS =
      List.of("key-store-password", "key-password", "trust-store-password");

  @Override
  public void postProcessEnvironment(
      ConfigurableEnvironment environment, SpringApplication application) {
    apply(environment);
  }

  /** Runs after the configuration files have been read. */
  @Override
  public int getOrder() {
    return Ordered.LOWEST_PRECEDENCE;
  }

  /** Adds the trimmed values as the first property source. */
  static void apply(ConfigurableEnvironment environment) {
    Binder binder = SettingsCheck.binder(environment);
    Map<String, Object> trimmed = new LinkedHashMap<>();
    for (String name : names()) {
      String value = valueOf(binder, name);
      if (value != null && !trim(name, value).equals(value)) {
        trimmed.put(name, trim(name, value));
      }
    }
    if (!trimmed.isEmpty()) {
      environment.getPropertySources().addFirst(new MapPropertySource(SOURCE, trimmed));
    }
  }

  private static String trim(String name, String value) {
    return SECRET.matcher(name).matches() ? LINE_ENDS.matcher(value).replaceAll("") : value.strip();
  }

  /** Returns the value as text, or null for a list or a value that cannot be resolved. */
  private static @Nullable String valueOf(Binder binder, String name) {
    try {
      return binder.bind(name, String.class).orElse(null);
    } catch (BindException e) {
      return null;
    }
  }

  private static List<String> names() {
    List<String> names = new ArrayList<>(SettingNames.withTypes().keySet());
    for (PropertyDescriptor property : BeanUtils.getPropertyDescriptors(NatsProperties.class)) {
      if (property.getWriteMethod() != null) {
        names.add("nats.spring." + DataObjectPropertyName.toDashedForm(property.getName()));
      }
    }
    for (String secret : TLS_SECRETS) {
      names.add("server.ssl." + secret);
      names.add("management.server.ssl." + secret);
    }
    return names;
  }
}
