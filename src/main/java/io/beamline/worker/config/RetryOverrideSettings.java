package io.beamline.worker.config;

import io.beamline.worker.retry.Jitter;
import io.beamline.worker.retry.RetryOverride;
import io.beamline.worker.retry.RetryOverrides;
import java.lang.reflect.Field;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.boot.convert.DurationStyle;

/**
 * Reads {@code worker.retry.types} and {@code worker.retry.statuses}: a name, a dot, and one of
 * five settings (contract section 8); and {@code retry} of configured step types, which says less
 * than the former about the same type. The names of types have dots too, so the setting is what the
 * property ends with. The ranges are those of {@link RetryProperties}. Pure.
 */
public final class RetryOverrideSettings {

  private static final String TYPES = "worker.retry.types";
  private static final String STATUSES = "worker.retry.statuses";

  private RetryOverrideSettings() {}

  /**
   * Returns what the settings say.
   *
   * @throws UnusableSettingException if a value, a status or the name of a setting is wrong
   */
  public static RetryOverrides of(RetryProperties settings, ConfiguredTypes configured) {
    if (settings.types().isEmpty()
        && settings.statuses().isEmpty()
        && configured.byName().isEmpty()) {
      return RetryOverrides.NONE;
    }
    Map<String, RetryOverride> types = new HashMap<>();
    settings
        .types()
        .forEach(
            (name, value) -> {
              One one = One.of(TYPES, name, value);
              types.merge(one.subject(), one.read(), RetryOverride::orElse);
            });
    configured
        .byName()
        .forEach(
            (name, type) ->
                type.retry()
                    .forEach(
                        (setting, value) -> {
                          One one = One.ofType(name, setting, value);
                          types.merge(one.subject(), one.read(), RetryOverride::orElse);
                        }));
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
    MAX_ATTEMPTS("maxAttempts"),
    BASE_DELAY("baseDelay"),
    MAX_DELAY("maxDelay"),
    MULTIPLIER("multiplier"),
    JITTER("jitter");

    private final String component;

    /**
     * Creates a setting.
     *
     * @param component its component of {@link RetryProperties}, which has its range
     */
    Setting(String component) {
      this.component = component;
    }

    /** Returns what a value must be, in words. */
    String rule() {
      Field field = SettingConstraints.field(RetryProperties.class, component);
      return SettingRule.of(field.getType(), field);
    }

    /** Returns whether a value is within the range. */
    boolean permits(Object value) {
      return SettingConstraints.permits(RetryProperties.class, component, value);
    }

    String key() {
      return RetryOverrides.key(name());
    }

    static String all() {
      return Stream.of(values())
          .map(setting -> setting.name().toLowerCase(Locale.ROOT).replace('_', '-'))
          .collect(Collectors.joining(", "));
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
        String end = setting.key();
        if (key.endsWith(end) && key.length() > end.length()) {
          String subject = key.substring(0, key.length() - end.length());
          return new One(group, name, value, subject, setting);
        }
      }
      throw refused(group, name, value, "a name followed by one of " + Setting.all());
    }

    /** Returns a setting of a configured step type. */
    static One ofType(String type, String name, String value) {
      String group = StepTypeSettings.property(type, "retry");
      for (Setting setting : Setting.values()) {
        if (RetryOverrides.key(name).equals(setting.key())) {
          return new One(group, name, value, RetryOverrides.key(type), setting);
        }
      }
      throw refused(group, name, value, "one of " + Setting.all());
    }

    RetryOverride read() {
      String text = value.strip();
      try {
        return switch (setting) {
          case MAX_ATTEMPTS -> {
            Integer attempts = permitted(Integer.valueOf(text));
            yield new RetryOverride(attempts, null, null, null, null);
          }
          case BASE_DELAY -> {
            Duration delay = permitted(DurationStyle.detectAndParse(text));
            yield new RetryOverride(null, delay, null, null, null);
          }
          case MAX_DELAY -> {
            Duration delay = permitted(DurationStyle.detectAndParse(text));
            yield new RetryOverride(null, null, delay, null, null);
          }
          case MULTIPLIER -> {
            Double multiplier = permitted(Double.valueOf(text));
            yield new RetryOverride(null, null, null, multiplier, null);
          }
          case JITTER -> {
            Jitter jitter = Jitter.valueOf(text.toUpperCase(Locale.ROOT));
            yield new RetryOverride(null, null, null, null, jitter);
          }
        };
      } catch (IllegalArgumentException e) {
        throw refused(group, name, value, setting.rule());
      }
    }

    int status() {
      if (subject.matches("[0-9]{3}")) {
        int status = Integer.parseInt(subject);
        if (RetryProperties.isErrorStatus(status)) {
          return status;
        }
      }
      throw refused(group, name, value, "for a status " + RetryProperties.ERROR_STATUSES);
    }

    private <T> T permitted(T parsed) {
      if (!setting.permits(parsed)) {
        throw new IllegalArgumentException("out of range");
      }
      return parsed;
    }
  }
}
