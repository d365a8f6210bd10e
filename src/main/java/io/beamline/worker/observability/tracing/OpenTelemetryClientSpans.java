package io.beamline.worker.observability.tracing;

import io.beamline.worker.contract.StepError;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import org.jspecify.annotations.Nullable;

/** Begins the spans of clients in OpenTelemetry. Thread-safe. */
record OpenTelemetryClientSpans(Tracer tracer) implements ClientSpans {

  @Override
  public ClientSpan http(String method, String host, int port) {
    Span span = start(method);
    if (span == null) {
      return Untraced.INSTANCE;
    }
    span.setAttribute("http.request.method", method);
    span.setAttribute("server.address", host);
    span.setAttribute("server.port", (long) port);
    return new StartedSpan(span);
  }

  @Override
  public ClientSpan sql(String system, String datasource) {
    Span span = start("query " + datasource);
    if (span == null) {
      return Untraced.INSTANCE;
    }
    span.setAttribute("db.system.name", system);
    span.setAttribute("beamline.datasource", datasource);
    return new StartedSpan(span);
  }

  @Override
  public ClientSpan nats(String subject) {
    Span span = start("request");
    if (span == null) {
      return Untraced.INSTANCE;
    }
    SpanAttributes.message(span, "request", "send", subject);
    return new StartedSpan(span);
  }

  /** Begins a span below the attempt of this thread; null if that is not collected. */
  private @Nullable Span start(String name) {
    return Span.current().isRecording()
        ? tracer.spanBuilder(name).setSpanKind(SpanKind.CLIENT).startSpan()
        : null;
  }

  /** A span that has begun. */
  private static final class StartedSpan implements ClientSpan {

    private final Span span;
    private boolean answered;

    StartedSpan(Span span) {
      this.span = span;
    }

    @Override
    public String traceparent(@Nullable String otherwise) {
      return TraceContext.header(span.getSpanContext());
    }

    @Override
    public void status(int status) {
      span.setAttribute(SpanAttributes.HTTP_STATUS, (long) status);
    }

    @Override
    public void answered() {
      answered = true;
    }

    @Override
    public void failed(StepError error) {
      answered = true;
      SpanAttributes.fail(span, error);
    }

    @Override
    public void close() {
      if (!answered) {
        span.setStatus(StatusCode.ERROR, "The request was cut");
        span.setAttribute(SpanAttributes.ERROR_TYPE, "cut");
      }
      SpanAttributes.end(span);
    }
  }
}
