package io.beamline.worker.observability.tracing;

import io.beamline.worker.observability.metrics.SpanMeters;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.util.Collection;

/** Exports spans, and counts those that were exported and those that were lost. Thread-safe. */
record CountedExporter(SpanExporter exporter, SpanMeters meters) implements SpanExporter {

  @Override
  public CompletableResultCode export(Collection<SpanData> spans) {
    int count = spans.size();
    CompletableResultCode result = exporter.export(spans);
    return result.whenComplete(
        () -> {
          if (result.isSuccess()) {
            meters.exported(count);
          } else {
            meters.failed(count);
          }
        });
  }

  @Override
  public CompletableResultCode flush() {
    return exporter.flush();
  }

  @Override
  public CompletableResultCode shutdown() {
    return exporter.shutdown();
  }
}
