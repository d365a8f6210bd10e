package io.beamline.worker.feature;

import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.env.PropertyResolver;

/**
 * Reads the states of the flags at start (contract section 5). The setting has the flag's name. The
 * environment takes precedence over application.yml.
 */
final class InitialFlags {

  private static final Logger LOG = LoggerFactory.getLogger(InitialFlags.class);
  private static final Set<String> ON = Set.of("true", "1", "yes");
  private static final Set<String> OFF = Set.of("", "false", "0", "no");

  private static final PercentageParameter PERCENTAGE =
      new PercentageParameter(GradualStrategy.PERCENTAGE);

  private InitialFlags() {}

  /** Returns the state of each flag. Logs a warning for a value that is not valid. */
  static Map<WorkerFeature, InitialFlag> of(PropertyResolver settings) {
    Map<WorkerFeature, InitialFlag> flags = new EnumMap<>(WorkerFeature.class);
    for (WorkerFeature flag : WorkerFeature.values()) {
      flags.put(flag, state(flag, settings.getProperty(flag.name())));
    }
    return flags;
  }

  private static InitialFlag state(WorkerFeature flag, @Nullable String value) {
    String word = value == null ? "" : value.strip().toLowerCase(Locale.ROOT);
    if (word.endsWith("%")) {
      String number = word.substring(0, word.length() - 1).strip();
      if (PERCENTAGE.isValid(number)) {
        return new InitialFlag(true, number);
      }
    }
    if (!ON.contains(word) && !OFF.contains(word)) {
      LOG.atWarn()
          .addKeyValue("feature", flag.name())
          .addKeyValue("value", value)
          .log(
              "Feature flag stays off: its value must be true, 1, yes or a percentage to turn it on");
    }
    return ON.contains(word) ? InitialFlag.ON : InitialFlag.OFF;
  }
}
