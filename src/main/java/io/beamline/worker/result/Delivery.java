package io.beamline.worker.result;

import io.beamline.worker.contract.RouterRules;
import io.beamline.worker.observability.tracing.AssignmentTrace;
import io.beamline.worker.observability.tracing.Tracing;
import io.nats.client.impl.Headers;
import org.jspecify.annotations.Nullable;

/**
 * One delivery of a message by the server. Immutable, if nobody changes the array.
 *
 * @param subject the subject of the message
 * @param body its payload; must not be changed
 * @param headers its headers, null if it has none
 * @param lease the worker's claim on the message, null in core delivery
 * @param count the number of deliveries of this message, 1 for the first
 * @param trace its trace
 */
public record Delivery(
    String subject,
    byte[] body,
    @Nullable Headers headers,
    @Nullable Lease lease,
    long count,
    AssignmentTrace trace) {

  /** Creates a delivery that is not traced yet. */
  public Delivery(
      String subject, byte[] body, @Nullable Headers headers, @Nullable Lease lease, long count) {
    this(subject, body, headers, lease, count, AssignmentTrace.OFF);
  }

  /** Returns this delivery with the trace that begins with it. Without tracing, this one. */
  public Delivery traced(Tracing tracing) {
    return tracing.isOn()
        ? new Delivery(
            subject,
            body,
            headers,
            lease,
            count,
            tracing.received(subject, headerTraceparent(), body.length, count))
        : this;
  }

  /** Returns a header that is 1 to 256 printable ASCII characters, else null. */
  @Nullable String header(String name) {
    String value = headers == null ? null : headers.getFirst(name);
    return RouterRules.isHeaderValue(value) ? value : null;
  }

  /**
   * Returns the trace context to pass on: that of its trace, or without tracing the one from the
   * headers. Null if there is none that can be passed on.
   */
  public @Nullable String traceparent() {
    String own = trace.traceparent();
    return own == null ? headerTraceparent() : own;
  }

  private @Nullable String headerTraceparent() {
    String value = header(Tracing.HEADER);
    return value != null && AnswerHeaders.canBeSent(value) ? value : null;
  }

  /** Returns the tenant from the headers, or null if there is no valid one. */
  public @Nullable String tenantId() {
    return header(AnswerHeaders.TENANT_ID);
  }

  /**
   * Returns the trace id from the headers, or with tracing that of its trace. Null if there is no
   * valid one.
   */
  public @Nullable String traceId() {
    String given = header(AnswerHeaders.TRACE_ID);
    return given == null ? trace.traceId() : given;
  }
}
