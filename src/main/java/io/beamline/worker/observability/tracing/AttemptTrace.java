package io.beamline.worker.observability.tracing;

import io.beamline.worker.contract.StepError;
import org.jspecify.annotations.Nullable;

/** The span of one attempt. Used and closed by the thread that began it; no method throws. */
public interface AttemptTrace extends AutoCloseable {

  /** Is not traced. */
  AttemptTrace OFF = Untraced.INSTANCE;

  /** Returns the trace context to pass on to whom the attempt asks; null if tracing is off. */
  @Nullable String traceparent();

  /** Sets why the attempt failed. */
  void failed(StepError error);

  /**
   * Says that the attempt was cut.
   *
   * @param why {@code ended}: its step had ended, at the deadline or on request; {@code drained};
   *     {@code died}: of an {@link Error}, or of a failure of the worker
   */
  void cut(String why);

  /** Ends the span. Later calls change nothing. */
  @Override
  void close();
}
