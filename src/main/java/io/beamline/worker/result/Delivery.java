package io.beamline.worker.result;

import io.beamline.worker.contract.RouterRules;
import io.nats.client.impl.Headers;
import org.jspecify.annotations.Nullable;

/**
 * One message as it was delivered. Immutable but for its bytes, which nobody changes.
 *
 * @param subject the subject it came on
 * @param body the message
 * @param headers its headers, null when it has none
 * @param lease the claim on it, null in core delivery
 * @param count how often the server has delivered it, 1 for the first time
 */
public record Delivery(
    String subject, byte[] body, @Nullable Headers headers, @Nullable Lease lease, long count) {

  /** A header that may be copied: present, printable and not too long; else null. */
  @Nullable String header(String name) {
    String value = headers == null ? null : headers.getFirst(name);
    return RouterRules.isHeaderValue(value) ? value : null;
  }

  /** The tenant that the headers name, null when they name none. */
  public @Nullable String tenantId() {
    return header(AnswerHeaders.TENANT_ID);
  }

  /** The trace that the headers name, null when they name none. */
  public @Nullable String traceId() {
    return header(AnswerHeaders.TRACE_ID);
  }
}
