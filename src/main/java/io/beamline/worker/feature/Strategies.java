package io.beamline.worker.feature;

import static io.beamline.worker.feature.WorkerFeature.CP2_QUEUE_MANAGEMENT_ENABLED;

import java.util.List;
import java.util.Map;
import java.util.Objects;
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
        .map(
            parameter ->
                "parameters: "
                    + parameter.getName()
                    + (isNone(state.getParameter(parameter.getName()))
                        ? " is missing, and must be "
                        : " must be ")
                    + strategy.rule())
        .findFirst();
  }

  /**
   * Sets parameters on a state, and the strategy that they belong to if it has none yet.
   *
   * @throws IllegalArgumentException when a parameter belongs to no strategy or to another one; the
   *     message is a sentence
   */
  static void apply(Map<String, String> parameters, FeatureState state) {
    parameters.forEach(
        (name, value) -> {
          FlagStrategy owner = strategyOfParameter(name);
          if (isNone(state.getStrategyId())) {
            state.setStrategyId(owner.getId());
          }
          if (!owner.getId().equalsIgnoreCase(state.getStrategyId())) {
            throw new IllegalArgumentException(
                "parameters: " + name + " goes with the strategy " + owner.getId() + " only");
          }
          state.setParameter(name, owner.normalize(value));
        });
  }

  /** Returns for whom a state is on once its flag is on; a part of a sentence. */
  static String describeScope(FeatureState state) {
    FlagStrategy strategy = strategyById(state.getStrategyId());
    String value =
        strategy == null
            ? null
            : Stream.of(strategy.getParameters())
                .map(parameter -> state.getParameter(parameter.getName()))
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
    return switch (strategy) {
      case GradualStrategy gradual when value != null -> "a share of " + value + " percent";
      case TenantStrategy tenants when value != null -> "the tenants " + value;
      case null, default -> "all";
    };
  }

  /** Gives the parameters of a state the form in which they are stored. */
  static void normalize(FeatureState state) {
    FlagStrategy strategy = strategyById(state.getStrategyId());
    if (strategy != null) {
      for (Parameter parameter : strategy.getParameters()) {
        String value = state.getParameter(parameter.getName());
        if (value != null) {
          state.setParameter(parameter.getName(), strategy.normalize(value));
        }
      }
    }
  }

  private static FlagStrategy strategyOfParameter(String name) {
    for (FlagStrategy strategy : OFFERED) {
      for (Parameter parameter : strategy.getParameters()) {
        if (parameter.getName().equals(name)) {
          return strategy;
        }
      }
    }
    throw new IllegalArgumentException(
        "parameters: there is no such parameter: there are "
            + OFFERED.stream()
                .flatMap(strategy -> Stream.of(strategy.getParameters()))
                .map(Parameter::getName)
                .collect(Collectors.joining(" and ")));
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
