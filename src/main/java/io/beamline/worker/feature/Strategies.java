package io.beamline.worker.feature;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.togglz.core.activation.Parameter;
import org.togglz.core.repository.FeatureState;
import org.togglz.core.spi.ActivationStrategy;

/** Finds and checks the strategies by which a flag is on for some assignments only. */
final class Strategies {

  private Strategies() {}

  /** The strategy of this id, in any case; null when it is not offered. */
  static @Nullable ActivationStrategy find(String id, List<ActivationStrategy> offered) {
    for (ActivationStrategy candidate : offered) {
      if (candidate.getId().equalsIgnoreCase(id)) {
        return candidate;
      }
    }
    return null;
  }

  /** Whether a flag is on or off as a whole. */
  static boolean none(@Nullable String id) {
    return id == null || id.isBlank();
  }

  /** What is wrong with a state's strategy or its parameters, as a sentence; empty when nothing. */
  static Optional<String> fault(FeatureState state, List<ActivationStrategy> offered) {
    if (none(state.getStrategyId())) {
      return Optional.empty();
    }
    ActivationStrategy strategy = find(state.getStrategyId(), offered);
    if (strategy == null) {
      return Optional.of(
          offered.stream()
              .map(ActivationStrategy::getId)
              .collect(Collectors.joining(", ", "strategy must be empty or one of ", "")));
    }
    return Stream.of(strategy.getParameters())
        .filter(parameter -> !fits(parameter, state.getParameter(parameter.getName())))
        .map(parameter -> "parameters: " + parameter.getName() + " is missing or has a wrong value")
        .findFirst();
  }

  private static boolean fits(Parameter parameter, @Nullable String value) {
    return (value == null || value.isBlank()) ? parameter.isOptional() : parameter.isValid(value);
  }
}
