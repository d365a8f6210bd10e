package io.beamline.worker.observability.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.OptionalLong;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** Registers meters with the description and the buckets of the worker. */
final class Meters {

  /** The value of a label that has no other. */
  static final String NONE = "none";

  private final MeterRegistry registry;

  Meters(MeterRegistry registry) {
    this.registry = registry;
  }

  /** Registers a counter that starts at 0. */
  Counter counter(String name, String help, String... labels) {
    return Counter.builder(name).description(help).tags(labels).register(registry);
  }

  /** Registers a histogram of seconds. */
  Timer timer(String name, String help, String... labels) {
    return Timer.builder(name)
        .description(help)
        .tags(labels)
        .serviceLevelObjectives(Buckets.latency())
        .register(registry);
  }

  /**
   * Registers a gauge that reads its supplier at each scrape, and keeps a strong reference to it.
   */
  Gauge gauge(String name, String help, IntSupplier value, String... labels) {
    return Gauge.builder(name, value, IntSupplier::getAsInt)
        .description(help)
        .tags(labels)
        .strongReference(true)
        .register(registry);
  }

  /** Registers a gauge that has no value (NaN) while its supplier has none. */
  Gauge gaugeIfKnown(String name, String help, Supplier<OptionalLong> value) {
    return Gauge.builder(name, value, Meters::valueOrNone)
        .description(help)
        .strongReference(true)
        .register(registry);
  }

  private static double valueOrNone(Supplier<OptionalLong> value) {
    OptionalLong known = value.get();
    return known.isPresent() ? known.getAsLong() : Double.NaN;
  }

  /** Registers a gauge of bytes. */
  Gauge gaugeOfBytes(String name, String help, LongSupplier value) {
    return Gauge.builder(name, value, LongSupplier::getAsLong)
        .description(help)
        .strongReference(true)
        .register(registry);
  }

  /** Removes a meter from the registry. */
  void remove(Meter meter) {
    registry.remove(meter);
  }
}
