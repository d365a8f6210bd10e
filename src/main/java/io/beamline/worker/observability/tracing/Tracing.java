package io.beamline.worker.observability.tracing;

import org.jspecify.annotations.Nullable;

/** Begins the traces of assignments. Thread-safe. */
public interface Tracing {

  /** The header with the trace context, in messages and in HTTP requests. */
  String HEADER = "traceparent";

  /** Traces nothing, and allocates nothing. */
  Tracing OFF = Untraced.INSTANCE;

  /** Returns whether anything is traced. */
  boolean isOn();

  /**
   * Begins the span of a delivery, which its {@link AssignmentTrace#close} ends. It belongs to the
   * trace of the message; without a valid trace context a new trace begins. Returns {@link
   * AssignmentTrace#OFF} if the trace is not collected.
   *
   * @param subject the subject of the message
   * @param traceparent the W3C trace context of the message; null or invalid for none
   * @param bytes the size of its payload
   * @param deliveries how often the server has delivered it, 1 for the first time
   */
  AssignmentTrace received(
      String subject, @Nullable String traceparent, int bytes, long deliveries);
}
