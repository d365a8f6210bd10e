package io.beamline.worker.feature;

import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.env.PropertyResolver;
import org.togglz.core.repository.FeatureState;

/**
 * Reads the states of the flags at start (contract section 5). The setting has the flag's name. The
 * environment takes precedence over application.yml.
 */
final class InitialFlags {

  private static final Logger LOG = LoggerFactory.getLogger(InitialFlags.class);

  private InitialFlags() {}

  /** Returns the state of each flag. Logs a warning for a value that is not valid. */
  static Map<WorkerFeature, FeatureState> of(PropertyResolver settings) {
    Map<WorkerFeature, FeatureState> flags = new EnumMap<>(WorkerFeature.class);
    for (WorkerFeature flag : WorkerFeature.values()) {
      flags.put(flag, state(flag, settings.getProperty(flag.name())));
    }
    return flags;
  }

  private static FeatureState state(WorkerFeature flag, @Nullable String value) {
    try {
      return FlagText.read(flag, value);
    } catch (IllegalArgumentException e) {
      LOG.atWarn()
          .addKeyValue("feature", flag.name())
          .addKeyValue("value", value)
          .addKeyValue("cause", e.getMessage())
          .log("Feature flag stays off: its value is not valid");
      return new FeatureState(flag, false);
    }
  }
}
