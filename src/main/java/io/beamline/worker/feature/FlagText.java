package io.beamline.worker.feature;

import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.togglz.core.repository.FeatureState;

/**
 * Reads the state of a flag from one word or line, as it is in the environment, in application.yml
 * and in the chart (contract section 5): {@code true}, {@code false}, {@code percentage=10}, {@code
 * 10%} or {@code tenants=acme,globex}. Pure.
 */
final class FlagText {

  /** What a state may be; a part of a sentence. */
  static final String RULE =
      "true, false, a share such as percentage=10 or 10%, or tenants such as tenants=acme,globex";

  private static final Set<String> ON = Set.of("true", "1", "yes");
  private static final Set<String> OFF = Set.of("", "false", "0", "no");

  private FlagText() {}

  /**
   * Returns the state.
   *
   * @param text the state; null or blank for off
   * @throws IllegalArgumentException when the text is none; its message is a sentence
   */
  static FeatureState read(WorkerFeature flag, @Nullable String text) {
    String word = text == null ? "" : text.strip().toLowerCase(Locale.ROOT);
    if (ON.contains(word) || OFF.contains(word)) {
      return new FeatureState(flag, ON.contains(word));
    }
    Map<String, String> parameters = parameters(text);
    FeatureState state = new FeatureState(flag, true);
    Strategies.apply(parameters, state);
    Strategies.findFault(state)
        .ifPresent(
            fault -> {
              throw new IllegalArgumentException(fault);
            });
    return state;
  }

  private static Map<String, String> parameters(@Nullable String text) {
    try {
      return ParameterText.read(text);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("it must be " + RULE, e);
    }
  }
}
