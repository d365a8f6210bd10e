package io.beamline.worker.observability.tracing;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import org.jspecify.annotations.Nullable;

/**
 * Tells the histograms which span is current on their thread, for their exemplars. They ask at each
 * recording, so this looks no further than the thread. Thread-safe.
 */
final class CurrentSpan implements io.prometheus.metrics.tracer.common.SpanContext {

  @Override
  public @Nullable String getCurrentTraceId() {
    SpanContext span = current();
    return span.isValid() ? span.getTraceId() : null;
  }

  @Override
  public @Nullable String getCurrentSpanId() {
    SpanContext span = current();
    return span.isValid() ? span.getSpanId() : null;
  }

  @Override
  public boolean isCurrentSpanSampled() {
    return current().isSampled();
  }

  @Override
  public void markCurrentSpanAsExemplar() {
    Span.current().setAttribute(EXEMPLAR_ATTRIBUTE_NAME, EXEMPLAR_ATTRIBUTE_VALUE);
  }

  private static SpanContext current() {
    return Span.current().getSpanContext();
  }
}
