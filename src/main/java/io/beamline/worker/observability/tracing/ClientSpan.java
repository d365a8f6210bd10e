package io.beamline.worker.observability.tracing;

import io.beamline.worker.contract.StepError;
import org.jspecify.annotations.Nullable;

/** The span of one request of a client. Not thread-safe; no method throws. */
public interface ClientSpan extends AutoCloseable {

  /**
   * Returns the trace context to send along.
   *
   * @param otherwise what to send while tracing is off; null for nothing
   */
  @Nullable String traceparent(@Nullable String otherwise);

  /** Sets the status of an HTTP response. */
  void status(int status);

  /** Says that the request was answered. One that is closed without an answer was cut. */
  void answered();

  /** Sets why the request failed. */
  void failed(StepError error);

  @Override
  void close();
}
