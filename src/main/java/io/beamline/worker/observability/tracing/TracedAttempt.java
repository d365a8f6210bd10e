package io.beamline.worker.observability.tracing;

import io.beamline.worker.contract.StepError;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.Scope;

/**
 * The span of an attempt, current on the thread that runs it. So clients find it, and histograms
 * note its trace as an exemplar.
 */
final class TracedAttempt implements AttemptTrace {

  private final Span span;
  private final Scope scope;
  private boolean closed;

  @SuppressWarnings("MustBeClosedChecker") // close() ends it
  TracedAttempt(Span span, Context parent) {
    this.span = span;
    this.scope = parent.with(span).makeCurrent();
  }

  @Override
  public String traceparent() {
    return TraceContext.header(span.getSpanContext());
  }

  @Override
  public void failed(StepError error) {
    SpanAttributes.fail(span, error);
    span.setAttribute(SpanAttributes.RETRYABLE, error.retryable());
  }

  @Override
  public void cut(String why) {
    span.setStatus(StatusCode.ERROR, "The attempt was cut");
    span.setAttribute(SpanAttributes.ERROR_TYPE, why);
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    try {
      scope.close();
    } finally {
      SpanAttributes.end(span);
    }
  }
}
