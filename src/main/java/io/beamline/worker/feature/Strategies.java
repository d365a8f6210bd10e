package io.beamline.worker.feature;

import static io.beamline.worker.feature.WorkerFeature.CP2_QUEUE_MANAGEMENT_ENABLED;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.togglz.core.activation.Parameter;
import org.togglz.core.repository.FeatureState;

/**
 * The strategies that turn a flag on for only some assignments, and the rules for them. Togglz has
 * more, such as scripts and client addresses, which are not offered. Pure.
 */
final class Strategies {

  /** All strategies that the console and the management port offer. */
  static final List<FlagStrategy> OFFERED =
      List.of(new GradualStrategy(), new TenantStrategy(), new ResetStrategy());

  private Strategies() {}

  /** Returns whether a strategy's id means no strategy: the flag is the same for all. */
  static boolean isNone(@Nullable String id) {
    return id == null || id.isBlank();
  }

  /** Returns whether a state asks for a reset of its flag. */
  static boolean isReset(FeatureState state) {
    return ResetStrategy.ID.equalsIgnoreCase(state.getStrategyId());
  }

  /**
   * Returns for which assignments a state is on.
   *
   * @param state a state without a fault
   */
  static FlagDecision decide(FeatureState state) {
    if (!state.isEnabled()) {
      return FlagDecision.NEVER;
    }
    FlagStrategy strategy = strategyById(state.getStrategyId());
    return strategy == null ? FlagDecision.ALWAYS : strategy.decide(state);
  }

  /** Returns the fault of a state's strategy or parameters as a sentence; empty if it has none. */
  static Optional<String> findFault(FeatureState state) {
    if (isNone(state.getStrategyId())) {
      return Optional.empty();
    }
    FlagStrategy strategy = strategyById(state.getStrategyId());
    if (strategy == null) {
      return Optional.of(
          OFFERED.stream()
              .map(FlagStrategy::getId)
              .collect(Collectors.joining(", ", "strategy must be empty or one of ", "")));
    }
    if (strategy instanceof TenantStrategy && isQueueFlag(state)) {
      return Optional.of(
          "a worker's queue holds the assignments of all tenants:"
              + " the queue flag can be gradual, by worker id, but not by tenants");
    }
    return Stream.of(strategy.getParameters())
        .filter(parameter -> !isValid(parameter, state.getParameter(parameter.getName())))
        .map(parameter -> "parameters: " + parameter.getName() + " is missing or has a wrong value")
        .findFirst();
  }

  private static @Nullable FlagStrategy strategyById(@Nullable String id) {
    for (FlagStrategy candidate : OFFERED) {
      if (candidate.getId().equalsIgnoreCase(id)) {
        return candidate;
      }
    }
    return null;
  }

  private static boolean isQueueFlag(FeatureState state) {
    return CP2_QUEUE_MANAGEMENT_ENABLED.name().equals(state.getFeature().name());
  }

  private static boolean isValid(Parameter parameter, @Nullable String value) {
    return (value == null || value.isBlank()) ? parameter.isOptional() : parameter.isValid(value);
  }
}
