package io.beamline.worker.destination;

import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The limits of all destinations. The first override that matches a name decides. Immutable;
 * thread-safe if the predicates are.
 *
 * @param others the limits of destinations that no override matches
 * @param overrides in the order in which they are asked
 */
public record LimitRules(DestinationLimits others, List<LimitOverride> overrides) {

  /**
   * Limits of their own for some destinations.
   *
   * @param name the name of the override, for the metric
   * @param matches whether a destination's name is meant
   * @param limits the limits
   */
  public record LimitOverride(String name, Predicate<String> matches, DestinationLimits limits) {}

  /** Returns the most attempts that one breaker looks at. */
  int largestWindow() {
    return Stream.concat(Stream.of(others), overrides.stream().map(LimitOverride::limits))
        .mapToInt(limits -> limits.breaker().window())
        .max()
        .orElseThrow();
  }

  /** Returns the override for a destination, or null if none matches. */
  @Nullable LimitOverride overrideOf(String destination) {
    for (LimitOverride each : overrides) {
      if (each.matches().test(destination)) {
        return each;
      }
    }
    return null;
  }
}
