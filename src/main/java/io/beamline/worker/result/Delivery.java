package io.beamline.worker.result;

import io.beamline.worker.contract.RouterRules;
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
 */
public record Delivery(
    String subject, byte[] body, @Nullable Headers headers, @Nullable Lease lease, long count) {

  /** Returns a header that is 1 to 256 printable ASCII characters, else null. */
  @Nullable String header(String name) {
    String value = headers == null ? null : headers.getFirst(name);
    return RouterRules.isHeaderValue(value) ? value : null;
  }

  /** Returns the trace context from the headers, or null if there is none that can be passed on. */
  public @Nullable String traceparent() {
    String value = header(AnswerHeaders.TRACEPARENT);
    return value != null && AnswerHeaders.canBeSent(value) ? value : null;
  }

  /** Returns the tenant from the headers, or null if there is no valid one. */
  public @Nullable String tenantId() {
    return header(AnswerHeaders.TENANT_ID);
  }

  /** Returns the trace id from the headers, or null if there is no valid one. */
  public @Nullable String traceId() {
    return header(AnswerHeaders.TRACE_ID);
  }
}
