package io.beamline.worker.observability.metrics;

import io.beamline.worker.destination.BreakerState;
import io.micrometer.core.instrument.Counter;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The counters of circuit breakers and retry budgets (W3-5.3, contract section 10). Thread-safe.
 */
final class DestinationMeters {

  private final Map<BreakerState, Counter> changes = new EnumMap<>(BreakerState.class);
  private final Map<String, Counter> rejected = new HashMap<>();
  private final Map<String, Counter> suppressed = new HashMap<>();

  DestinationMeters(Meters meters, List<String> stepTypes) {
    for (BreakerState state : BreakerState.values()) {
      changes.put(
          state,
          meters.counter(
              "worker.circuit.breaker.transitions",
              "Circuit breakers that changed to a state",
              "state",
              state.wireName()));
    }
    Stream.concat(stepTypes.stream(), Stream.of(Meters.NONE))
        .forEach(
            type -> {
              rejected.put(
                  type,
                  meters.counter(
                      "worker.circuit.breaker.rejections",
                      "Steps that ended because their destination was not tried",
                      "step_type",
                      type));
              suppressed.put(
                  type,
                  meters.counter(
                      "worker.retries.suppressed",
                      "Steps that the retry budget of their destination kept from a retry",
                      "step_type",
                      type));
            });
  }

  void changed(BreakerState to) {
    increment(changes, to);
  }

  void rejected(String stepType) {
    increment(rejected, rejected.containsKey(stepType) ? stepType : Meters.NONE);
  }

  void suppressed(String stepType) {
    increment(suppressed, suppressed.containsKey(stepType) ? stepType : Meters.NONE);
  }

  private static <K> void increment(Map<K, Counter> counters, K key) {
    Counter counter = counters.get(key);
    if (counter != null) {
      counter.increment();
    }
  }
}
