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
    return new StartedSpan(
        tracer
            .spanBuilder(method)
            .setSpanKind(SpanKind.CLIENT)
            .setAttribute("http.request.method", method)
            .setAttribute("server.address", host)
            .setAttribute("server.port", (long) port)
            .startSpan());
  }

  @Override
  public ClientSpan sql(String system, String datasource) {
    return new StartedSpan(
        tracer
            .spanBuilder("query " + datasource)
            .setSpanKind(SpanKind.CLIENT)
            .setAttribute("db.system.name", system)
            .setAttribute("beamline.datasource", datasource)
            .startSpan());
  }

  @Override
  public ClientSpan nats(String subject) {
    return new StartedSpan(
        SpanAttributes.messaging(tracer, "request", "request", "send", subject)
            .setSpanKind(SpanKind.CLIENT)
            .startSpan());
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
