package io.beamline.worker.observability.tracing;

import io.beamline.worker.observability.health.HealthDetail;
import io.beamline.worker.observability.metrics.SpanMeters;
import java.util.Map;

/** Adds to the readiness endpoint whether the collector takes spans. Thread-safe. */
record TracingDetail(SpanMeters meters) implements HealthDetail {

  @Override
  public String name() {
    return "tracing";
  }

  @Override
  public Map<String, Object> details() {
    return Map.of(
        "spans_ended", meters.endedSpans(),
        "spans_exported", meters.exportedSpans(),
        "spans_failed", meters.failedSpans());
  }
}
