package io.beamline.worker.observability.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

/** The meters of tracing (contract section 10). Thread-safe. */
public final class SpanMeters {

  private final Counter ended;
  private final Counter exported;
  private final Counter failed;

  SpanMeters(MeterRegistry registry) {
    Meters meters = new Meters(registry);
    ended = counter(meters, "ended");
    exported = counter(meters, "exported");
    failed = counter(meters, "failed");
  }

  /** Records a span that ended and is to be exported. */
  public void ended() {
    ended.increment();
  }

  /** Records an export of some spans that succeeded. */
  public void exported(int spans) {
    exported.increment(spans);
  }

  /** Records an export that failed; its spans are lost. */
  public void failed(int spans) {
    failed.increment(spans);
  }

  /** Returns how many spans have ended. */
  public long endedSpans() {
    return (long) ended.count();
  }

  /** Returns how many the collector has taken. */
  public long exportedSpans() {
    return (long) exported.count();
  }

  /** Returns how many were in exports that failed. */
  public long failedSpans() {
    return (long) failed.count();
  }

  private static Counter counter(Meters meters, String outcome) {
    return meters.counter(
        "worker.trace.spans", "Spans that ended, and what became of them", "outcome", outcome);
  }
}
