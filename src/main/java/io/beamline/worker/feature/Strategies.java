package io.beamline.worker.feature;

import static io.beamline.worker.feature.WorkerFeature.CP2_QUEUE_MANAGEMENT_ENABLED;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.togglz.core.activation.Parameter;
import org.togglz.core.repository.FeatureState;

/** The strategies by which a flag is on for some only; scripts and client addresses are none. */
final class Strategies {

  /** All that are offered. */
  static final List<FlagStrategy> OFFERED =
      List.of(new GradualStrategy(), new TenantStrategy(), new PutBackStrategy());

  private Strategies() {}

  /** Whether a flag is on or off as a whole. */
  static boolean none(@Nullable String id) {
    return id == null || id.isBlank();
  }

  /** Whether a state is the order to put its flag back. */
  static boolean putsBack(FeatureState state) {
    return PutBackStrategy.ID.equalsIgnoreCase(state.getStrategyId());
  }

  /** For whom a state is on; it has no fault. */
  static FlagDecision decide(FeatureState state) {
    if (!state.isEnabled()) {
      return FlagDecision.NEVER;
    }
    FlagStrategy strategy = find(state.getStrategyId());
    return strategy == null ? FlagDecision.ALWAYS : strategy.decide(state);
  }

  /** What is wrong with a state's strategy or its parameters, as a sentence; empty when nothing. */
  static Optional<String> fault(FeatureState state) {
    if (none(state.getStrategyId())) {
      return Optional.empty();
    }
    FlagStrategy strategy = find(state.getStrategyId());
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
        .filter(parameter -> !fits(parameter, state.getParameter(parameter.getName())))
        .map(parameter -> "parameters: " + parameter.getName() + " is missing or has a wrong value")
        .findFirst();
  }

  private static @Nullable FlagStrategy find(@Nullable String id) {
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

  private static boolean fits(Parameter parameter, @Nullable String value) {
    return (value == null || value.isBlank()) ? parameter.isOptional() : parameter.isValid(value);
  }
}
