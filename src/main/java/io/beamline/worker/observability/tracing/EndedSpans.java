package io.beamline.worker.observability.tracing;

import io.beamline.worker.observability.metrics.SpanMeters;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.trace.ReadWriteSpan;
import io.opentelemetry.sdk.trace.ReadableSpan;
import io.opentelemetry.sdk.trace.SpanProcessor;

/** Counts the collected spans that end. Thread-safe. */
record EndedSpans(SpanMeters meters) implements SpanProcessor {

  @Override
  public void onStart(Context parent, ReadWriteSpan span) {}

  @Override
  public boolean isStartRequired() {
    return false;
  }

  @Override
  public void onEnd(ReadableSpan span) {
    meters.ended();
  }

  @Override
  public boolean isEndRequired() {
    return true;
  }
}
