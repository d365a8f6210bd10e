package io.beamline.worker.result;

import io.beamline.worker.contract.AssignmentIdentity;
import io.beamline.worker.contract.DeadLetter.Reason;
import io.beamline.worker.contract.MessageEncoder;
import io.beamline.worker.contract.RouterRules;
import org.jspecify.annotations.Nullable;

/** The headers of acks, results and dead letters (contract sections 1 and 7). Pure. */
final class AnswerHeaders {

  static final String TRACE_ID = "trace_id";
  static final String TENANT_ID = "tenant_id";

  private static final String MESSAGE_ID = "Nats-Msg-Id";
  private static final String TRACEPARENT = "traceparent";

  private AnswerHeaders() {}

  /**
   * The headers of an ack or a result.
   *
   * @param suffix what follows the assignment's id in the message's id
   * @param cp2 whether a flag applied
   */
  static HeaderLines answer(
      AssignmentIdentity identity, Delivery delivery, String suffix, boolean cp2) {
    HeaderLines headers = new HeaderLines();
    headers.add(MESSAGE_ID, messageId(identity.assignmentId() + suffix));
    headers.add("version", MessageEncoder.VERSION);
    headers.add("cp_phase", cp2 ? "cp2" : "cp1");
    putKnown(headers, identity, delivery);
    return headers;
  }

  /** The headers of a dead letter. */
  static HeaderLines deadLetter(AssignmentIdentity identity, Delivery delivery, Reason reason) {
    HeaderLines headers = new HeaderLines();
    String messageId = deadLetterId(identity, delivery, reason);
    if (messageId != null) {
      headers.add(MESSAGE_ID, messageId);
    }
    headers.add("version", MessageEncoder.VERSION);
    headers.add("x-dlq-reason", reason.wireName());
    put(headers, "x-original-msg-id", delivery.header(MESSAGE_ID));
    putKnown(headers, identity, delivery);
    return headers;
  }

  /**
   * The server leaves out blanks at the beginning of a value, and would take the answers of the ids
   * {@code "a"} and {@code " a"} for each other's duplicates. A tab before them keeps them apart:
   * no id has one, the server keeps it, and whoever reads the header trims it.
   */
  private static String messageId(String id) {
    return id.startsWith(" ") ? '\t' + id : id;
  }

  /**
   * The same for each delivery, so that a redelivery's dead letter is no second one; null where
   * nothing tells a delivery from others.
   */
  private static @Nullable String deadLetterId(
      AssignmentIdentity identity, Delivery delivery, Reason reason) {
    Lease lease = delivery.lease();
    String place = lease == null ? null : lease.original();
    String origin = reason == Reason.MALFORMED ? place : identity.assignmentId();
    return origin == null ? null : messageId(origin + ".dlq");
  }

  private static void putKnown(
      HeaderLines headers, AssignmentIdentity identity, Delivery delivery) {
    put(headers, TRACE_ID, identity.correlation().traceId());
    put(headers, TENANT_ID, identity.tenantId());
    put(headers, TRACEPARENT, delivery.header(TRACEPARENT));
  }

  private static void put(HeaderLines headers, String name, @Nullable String value) {
    if (value != null && RouterRules.isHeaderValue(value) && !value.isBlank()) {
      headers.add(name, value);
    }
  }
}
