package io.beamline.worker.observability.tracing;

import io.beamline.worker.contract.AssignmentIdentity;
import io.beamline.worker.contract.StepError;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The span of a delivery, and the spans below it. Thread-safe. */
final class TracedAssignment implements AssignmentTrace {

  private final Tracer tracer;
  private final Span span;
  private final Context context;

  TracedAssignment(Tracer tracer, Span span) {
    this.tracer = tracer;
    this.span = span;
    this.context = Context.root().with(span);
  }

  @Override
  public boolean isRecording() {
    return span.isRecording();
  }

  @Override
  public String traceparent() {
    return TraceContext.header(span.getSpanContext());
  }

  @Override
  public String traceId() {
    return span.getSpanContext().getTraceId();
  }

  @Override
  public void identified(AssignmentIdentity identity) {
    SpanAttributes.put(span, "messaging.message.id", identity.assignmentId());
    SpanAttributes.put(span, "beamline.tenant_id", identity.tenantId());
    SpanAttributes.put(span, "beamline.run_id", identity.correlation().runId());
    SpanAttributes.put(span, "beamline.flow_id", identity.correlation().flowId());
    SpanAttributes.put(span, "beamline.step_id", identity.correlation().stepId());
    SpanAttributes.put(span, "beamline.step_type", identity.jobType());
  }

  @Override
  public void accepted(boolean advancedRetry, boolean completeTimeout, boolean circuitBreaker) {
    span.setAttribute("beamline.flag.advanced_retry", advancedRetry);
    span.setAttribute("beamline.flag.complete_timeout", completeTimeout);
    span.setAttribute("beamline.flag.circuit_breaker", circuitBreaker);
  }

  @Override
  public AttemptTrace attempt(
      int number, String stepType, long waitedMs, @Nullable String destination) {
    try {
      SpanBuilder attempt =
          tracer
              .spanBuilder("attempt " + stepType)
              .setParent(context)
              .setAttribute("beamline.attempt", number)
              .setAttribute("beamline.step_type", stepType)
              .setAttribute("beamline.waited_ms", waitedMs);
      if (destination != null) {
        attempt.setAttribute("beamline.destination", destination);
      }
      return new TracedAttempt(attempt.startSpan(), context);
    } catch (RuntimeException | Error e) {
      return AttemptTrace.OFF; // no step fails because it cannot be traced
    }
  }

  @Override
  public PublicationTrace publishes(String subject, long bytes) {
    try {
      Span publication =
          tracer
              .spanBuilder("publish " + subject)
              .setSpanKind(SpanKind.PRODUCER)
              .setParent(context)
              .startSpan();
      SpanAttributes.message(publication, "publish", "send", subject);
      publication.setAttribute(SpanAttributes.MESSAGE_SIZE, bytes);
      return confirmed ->
          () -> {
            SpanAttributes.end(publication);
            confirmed.run();
          };
    } catch (RuntimeException | Error e) {
      return Untraced.INSTANCE;
    }
  }

  @Override
  public void attempted(int attempts) {
    span.setAttribute("beamline.attempts", attempts);
  }

  @Override
  public void ended(String status, @Nullable StepError error) {
    span.setAttribute(SpanAttributes.STATUS, status);
    if (error != null) {
      SpanAttributes.fail(span, error);
    }
  }

  @Override
  public void rejected(String reason) {
    span.setAttribute(SpanAttributes.STATUS, "rejected");
    span.setAttribute(SpanAttributes.ERROR_TYPE, reason);
    span.setStatus(StatusCode.ERROR, "The assignment was rejected");
  }

  @Override
  public void close(DeliveryEnd end) {
    span.setAttribute("beamline.delivery.end", end.name().toLowerCase(Locale.ROOT));
    SpanAttributes.end(span);
  }
}
