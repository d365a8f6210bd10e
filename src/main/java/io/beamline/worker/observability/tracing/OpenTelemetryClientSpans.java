package io.beamline.worker.observability.tracing;

import io.beamline.worker.contract.StepError;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
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
        SpanAttributes.messaging(tracer, "request", "send", subject)
            .setSpanKind(SpanKind.CLIENT)
            .startSpan());
  }

  /** A span that has begun. */
  private record StartedSpan(Span span) implements ClientSpan {

    @Override
    public String traceparent(@Nullable String otherwise) {
      return TraceContext.header(span.getSpanContext());
    }

    @Override
    public void status(int status) {
      span.setAttribute(SpanAttributes.HTTP_STATUS, (long) status);
    }

    @Override
    public void failed(StepError error) {
      SpanAttributes.fail(span, error);
    }

    @Override
    public void close() {
      span.end();
    }
  }
}
