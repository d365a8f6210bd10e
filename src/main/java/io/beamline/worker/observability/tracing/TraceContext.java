package io.beamline.worker.observability.tracing;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads and writes the header {@code traceparent} of the W3C. Stateless. */
final class TraceContext {

  private static final TextMapGetter<String> ONLY_HEADER =
      new TextMapGetter<>() {
        @Override
        public Iterable<String> keys(String carrier) {
          return Set.of(Tracing.HEADER);
        }

        @Override
        public @Nullable String get(@Nullable String carrier, String key) {
          return key.equals(Tracing.HEADER) ? carrier : null;
        }
      };

  private TraceContext() {}

  /** Returns the context that a header names; the root if it is null or invalid. */
  static Context parse(@Nullable String header) {
    return header == null
        ? Context.root()
        : W3CTraceContextPropagator.getInstance().extract(Context.root(), header, ONLY_HEADER);
  }

  /** Returns the span of a context, which may be invalid. */
  static SpanContext spanOf(Context context) {
    return Span.fromContext(context).getSpanContext();
  }

  /** Returns the header that names a span. */
  static String header(SpanContext span) {
    return "00-" + span.getTraceId() + "-" + span.getSpanId() + "-" + span.getTraceFlags().asHex();
  }
}
