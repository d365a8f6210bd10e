package io.beamline.worker.config;

import io.beamline.worker.retry.Jitter;
import io.beamline.worker.retry.RetryOverride;
import io.beamline.worker.retry.RetryOverrides;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.springframework.boot.convert.DurationStyle;

/**
 * Reads {@code worker.retry.types} and {@code worker.retry.statuses}: a name, a dot, and one of
 * five settings (contract section 8). The names of types have dots too, so the setting is what the
 * property ends with. Pure.
 */
public final class RetryOverrideSettings {

  private static final String TYPES = "worker.retry.types";
  private static final String STATUSES = "worker.retry.statuses";
  private static final Duration SHORTEST = Duration.ofMillis(1);
  private static final Duration LONGEST_BASE = Duration.ofMinutes(1);
  private static final Duration LONGEST_MAX = Duration.ofHours(1);

  private RetryOverrideSettings() {}

  /**
   * Returns what the settings say.
   *
   * @throws UnusableSettingException if a value, a status or the name of a setting is wrong
   */
  public static RetryOverrides of(RetryProperties settings) {
    Map<String, RetryOverride> types = new HashMap<>();
    settings
        .types()
        .forEach(
            (name, value) -> {
              One one = One.of(TYPES, name, value);
              types.merge(one.subject(), one.read(), RetryOverride::orElse);
            });
    Map<Integer, RetryOverride> statuses = new HashMap<>();
    settings
        .statuses()
        .forEach(
            (name, value) -> {
              One one = One.of(STATUSES, name, value);
              statuses.merge(one.status(), one.read(), RetryOverride::orElse);
            });
    return new RetryOverrides(Map.copyOf(types), Map.copyOf(statuses));
  }

  /**
   * Checks the types that the settings name.
   *
   * @param known the canonical names of all step types
   * @throws UnusableSettingException if there is no such type
   */
  public static void refuseUnknownTypes(RetryProperties settings, Collection<String> known) {
    List<String> keys = known.stream().map(RetryOverrides::key).toList();
    settings
        .types()
        .forEach(
            (name, value) -> {
              One one = One.of(TYPES, name, value);
              if (!keys.contains(one.subject())) {
                throw refused(
                    TYPES,
                    name,
                    value,
                    "for one of the types " + String.join(", ", known.stream().sorted().toList()));
              }
            });
  }

  private static UnusableSettingException refused(
      String group, String name, String value, String rule) {
    return new UnusableSettingException(group + "." + name, value, rule);
  }

  /** The settings that may differ. */
  private enum Setting {
    MAX_ATTEMPTS("a whole number from 1 to 20"),
    BASE_DELAY("a time such as 500ms, 30s or 5m from 1ms to 1m"),
    MAX_DELAY("a time such as 500ms, 30s or 5m from 1ms to 1h"),
    MULTIPLIER("a number from 1.0 to 10.0"),
    JITTER("one of none, full, equal");

    private final String rule;

    Setting(String rule) {
      this.rule = rule;
    }

    String dashed() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  /**
   * One property.
   *
   * @param group {@link #TYPES} or {@link #STATUSES}
   * @param name what follows the group in the property's name
   * @param subject the {@link RetryOverrides#key} of the type or the status
   */
  private record One(String group, String name, String value, String subject, Setting setting) {

    static One of(String group, String name, String value) {
      // The environment has a dot or nothing where the file has a dash.
      String key = RetryOverrides.key(name);
      for (Setting setting : Setting.values()) {
        String end = RetryOverrides.key(setting.dashed());
        if (key.endsWith(end) && key.length() > end.length()) {
          String subject = key.substring(0, key.length() - end.length());
          return new One(group, name, value, subject, setting);
        }
      }
      String known =
          List.of(Setting.values()).stream().map(Setting::dashed).collect(Collectors.joining(", "));
      throw refused(group, name, value, "a name followed by one of " + known);
    }

    RetryOverride read() {
      try {
        return switch (setting) {
          case MAX_ATTEMPTS -> new RetryOverride(attempts(), null, null, null, null);
          case BASE_DELAY -> new RetryOverride(null, time(LONGEST_BASE), null, null, null);
          case MAX_DELAY -> new RetryOverride(null, null, time(LONGEST_MAX), null, null);
          case MULTIPLIER -> new RetryOverride(null, null, null, multiplier(), null);
          case JITTER -> new RetryOverride(null, null, null, null, jitter());
        };
      } catch (IllegalArgumentException e) {
        throw refused(group, name, value, setting.rule);
      }
    }

    int status() {
      if (!subject.matches("[45][0-9][0-9]")) {
        throw refused(group, name, value, "for a status from 400 to 599");
      }
      return Integer.parseInt(subject);
    }

    private int attempts() {
      int attempts = Integer.parseInt(value.strip());
      requireRange(attempts >= 1 && attempts <= 20);
      return attempts;
    }

    private Duration time(Duration longest) {
      Duration time = DurationStyle.detectAndParse(value.strip());
      requireRange(time.compareTo(SHORTEST) >= 0 && time.compareTo(longest) <= 0);
      return time;
    }

    private double multiplier() {
      double multiplier = Double.parseDouble(value.strip());
      requireRange(multiplier >= 1 && multiplier <= 10);
      return multiplier;
    }

    private Jitter jitter() {
      return Jitter.valueOf(value.strip().toUpperCase(Locale.ROOT));
    }

    private static void requireRange(boolean isInside) {
      if (!isInside) {
        throw new IllegalArgumentException("out of range");
      }
    }
  }
}
