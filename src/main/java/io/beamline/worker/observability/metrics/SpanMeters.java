package io.beamline.worker.observability.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

/** The meters of tracing (contract section 10). Thread-safe. */
public final class SpanMeters {

  private final Counter exported;
  private final Counter failed;

  SpanMeters(MeterRegistry registry) {
    Meters meters = new Meters(registry);
    exported = counter(meters, "exported");
    failed = counter(meters, "failed");
  }

  /** Records an export of some spans that succeeded. */
  public void exported(int spans) {
    exported.increment(spans);
  }

  /** Records an export that failed; its spans are lost. */
  public void failed(int spans) {
    failed.increment(spans);
  }

  private static Counter counter(Meters meters, String outcome) {
    return meters.counter(
        "worker.trace.spans", "Spans given to the trace collector", "outcome", outcome);
  }
}
