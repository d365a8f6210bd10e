package io.beamline.worker.config;

import io.beamline.worker.config.DestinationProperties.BreakerProperties;
import io.beamline.worker.retry.RetryOverrides;
import java.lang.reflect.Field;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.convert.DurationStyle;

/**
 * Reads {@code worker.destinations.overrides}: a name, a dot, and {@code match} or a setting of
 * {@link DestinationProperties}, with its range (contract section 8). What an override leaves out
 * is as for all destinations. Pure.
 */
public final class DestinationOverrideSettings {

  /** The name of the group of settings. */
  public static final String OVERRIDES = "worker.destinations.overrides";

  private DestinationOverrideSettings() {}

  /**
   * Returns what the settings say, in the order of the names.
   *
   * @throws UnusableSettingException if a value or the name of a setting is wrong, or {@code match}
   *     is missing
   */
  public static List<DestinationOverride> of(DestinationProperties settings) {
    if (settings.overrides().isEmpty()) {
      return List.of();
    }
    Map<String, Draft> drafts = new TreeMap<>();
    settings
        .overrides()
        .forEach(
            (name, value) -> {
              OverrideSetting setting = setting(name, value);
              String of = subject(name, setting);
              drafts
                  .computeIfAbsent(RetryOverrides.key(of), key -> new Draft(of))
                  .set(setting, name, value.strip());
            });
    List<DestinationOverride> overrides = new ArrayList<>();
    drafts.values().forEach(draft -> overrides.add(draft.override(settings)));
    overrides.sort(Comparator.comparing(DestinationOverride::name));
    return List.copyOf(overrides);
  }

  private static OverrideSetting setting(String name, String value) {
    // The environment has a dot or nothing where the file has a dash.
    String key = RetryOverrides.key(name);
    for (OverrideSetting setting : OverrideSetting.values()) {
      if (key.endsWith(setting.key())
          && key.length() > setting.key().length()
          && isSeparated(name, setting)) {
        return setting;
      }
    }
    String known =
        Arrays.stream(OverrideSetting.values())
            .map(setting -> setting.text)
            .collect(Collectors.joining(", "));
    throw refused(name, value, "a name followed by one of " + known);
  }

  /** Returns whether the setting begins a word of the name. */
  private static boolean isSeparated(String name, OverrideSetting setting) {
    return "._-".indexOf(name.charAt(subject(name, setting).length())) >= 0;
  }

  /** Returns the part of a property's name before the setting. */
  private static String subject(String name, OverrideSetting setting) {
    int left = RetryOverrides.key(name).length() - setting.key().length();
    int end = 0;
    for (int seen = 0; seen < left; end++) {
      seen += RetryOverrides.key(name.substring(end, end + 1)).length();
    }
    return name.substring(0, end);
  }

  private static UnusableSettingException refused(String name, String value, String rule) {
    return new UnusableSettingException(OVERRIDES + "." + name, value, rule);
  }

  /** The settings of an override. */
  private enum OverrideSetting {
    MATCH("match", DestinationProperties.class, ""),
    MAX_CONCURRENCY("max-concurrency", DestinationProperties.class, "maxConcurrency"),
    MAX_RATE("max-rate", DestinationProperties.class, "maxRate"),
    RETRY_BUDGET("retry-budget", DestinationProperties.class, "retryBudget"),
    RETRY_MINIMUM("retry-minimum", DestinationProperties.class, "retryMinimum"),
    WINDOW("breaker.window", BreakerProperties.class, "window"),
    MINIMUM("breaker.minimum", BreakerProperties.class, "minimum"),
    FAILURE_RATE("breaker.failure-rate", BreakerProperties.class, "failureRate"),
    OPEN_FOR("breaker.open-for", BreakerProperties.class, "openFor"),
    TRIALS("breaker.trials", BreakerProperties.class, "trials");

    private final String text;
    private final Class<?> owner;
    private final String component;

    /**
     * Creates a setting.
     *
     * @param text its name
     * @param component the component that has its range
     */
    OverrideSetting(String text, Class<?> owner, String component) {
      this.text = text;
      this.owner = owner;
      this.component = component;
    }

    String key() {
      return RetryOverrides.key(text);
    }

    /** Returns what a value must be, in words. */
    String rule() {
      Field field = SettingConstraints.field(owner, component);
      return SettingRule.of(field.getType(), field);
    }

    boolean permits(Object value) {
      return SettingConstraints.permits(owner, component, value);
    }
  }

  /** An override that is being read. Not thread-safe. */
  private static final class Draft {

    private final String name;
    private final Map<OverrideSetting, String> properties = new EnumMap<>(OverrideSetting.class);
    private final Map<OverrideSetting, Object> values = new EnumMap<>(OverrideSetting.class);

    Draft(String name) {
      this.name = name;
    }

    void set(OverrideSetting setting, String property, String text) {
      String other = properties.putIfAbsent(setting, property);
      if (other != null) {
        throw refused(property, text, "set once: " + other + " means the same");
      }
      try {
        Object value =
            switch (setting) {
              case MATCH -> text;
              case OPEN_FOR -> DurationStyle.detectAndParse(text);
              default -> Integer.valueOf(text);
            };
        if (setting != OverrideSetting.MATCH && !setting.permits(value)) {
          throw new IllegalArgumentException("out of range");
        }
        values.put(setting, value);
      } catch (IllegalArgumentException e) {
        throw refused(property, text, setting.rule());
      }
    }

    DestinationOverride override(DestinationProperties all) {
      if (!(values.get(OverrideSetting.MATCH) instanceof String match)) {
        Map.Entry<OverrideSetting, String> first = properties.entrySet().iterator().next();
        throw refused(
            first.getValue(),
            String.valueOf(values.get(first.getKey())),
            "beside a setting " + name + ".match, which says what destinations are meant");
      }
      BreakerProperties breaker =
          new BreakerProperties(
              number(OverrideSetting.WINDOW, all.breaker().window()),
              number(OverrideSetting.MINIMUM, all.breaker().minimum()),
              number(OverrideSetting.FAILURE_RATE, all.breaker().failureRate()),
              values.get(OverrideSetting.OPEN_FOR) instanceof Duration time
                  ? time
                  : all.breaker().openFor(),
              number(OverrideSetting.TRIALS, all.breaker().trials()));
      if (!breaker.isMinimumInWindow()) {
        throw refused(
            name + ".breaker.minimum",
            String.valueOf(breaker.minimum()),
            "not above the window, which is " + breaker.window());
      }
      return new DestinationOverride(
          name,
          match,
          new DestinationProperties(
                  breaker,
                  number(OverrideSetting.RETRY_BUDGET, all.retryBudget()),
                  number(OverrideSetting.RETRY_MINIMUM, all.retryMinimum()),
                  number(OverrideSetting.MAX_CONCURRENCY, all.maxConcurrency()),
                  number(OverrideSetting.MAX_RATE, all.maxRate()),
                  Map.of())
              .limits());
    }

    private int number(OverrideSetting setting, int otherwise) {
      @Nullable Object value = values.get(setting);
      return value instanceof Integer number ? number : otherwise;
    }
  }
}
