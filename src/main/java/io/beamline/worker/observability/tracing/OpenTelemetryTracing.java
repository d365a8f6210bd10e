package io.beamline.worker.observability.tracing;

import static io.beamline.worker.observability.tracing.SpanAttributes.DELIVERY_COUNT;
import static io.beamline.worker.observability.tracing.SpanAttributes.MESSAGE_SIZE;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import org.jspecify.annotations.Nullable;

/** Begins spans of OpenTelemetry. Thread-safe. */
final class OpenTelemetryTracing implements Tracing {

  private final Tracer tracer;
  private final String group;

  /**
   * Creates it.
   *
   * @param group the consumer or queue group that the worker reads with
   */
  OpenTelemetryTracing(Tracer tracer, String group) {
    this.tracer = tracer;
    this.group = group;
  }

  @Override
  public boolean isOn() {
    return true;
  }

  @Override
  public AssignmentTrace received(
      String subject, @Nullable String traceparent, int bytes, long deliveries) {
    Context parent = TraceContext.parse(traceparent);
    SpanContext message = TraceContext.spanOf(parent);
    SpanBuilder builder =
        tracer.spanBuilder("receive " + subject).setSpanKind(SpanKind.CONSUMER).setParent(parent);
    if (deliveries > 1 && message.isValid()) {
      // Says that the same message may have had a span before, here or on another worker.
      builder.addLink(message, Attributes.of(DELIVERY_COUNT, deliveries));
    }
    Span span = builder.startSpan();
    if (!span.isRecording()) {
      return AssignmentTrace.OFF; // most are not collected, and must cost next to nothing
    }
    SpanAttributes.message(span, "receive", "receive", subject);
    span.setAttribute(SpanAttributes.GROUP, group);
    span.setAttribute(MESSAGE_SIZE, (long) bytes);
    if (deliveries > 1) {
      span.setAttribute(DELIVERY_COUNT, deliveries);
    }
    return new TracedAssignment(tracer, span);
  }
}
