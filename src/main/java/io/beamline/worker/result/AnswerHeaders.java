package io.beamline.worker.result;

import io.beamline.worker.contract.AssignmentIdentity;
import io.beamline.worker.contract.DeadLetter.Reason;
import io.beamline.worker.contract.RouterRules;
import io.beamline.worker.contract.json.MessageEncoder;
import io.beamline.worker.observability.tracing.Tracing;
import org.jspecify.annotations.Nullable;

/** The headers of acks, results and dead letters (contract sections 1 and 7). */
final class AnswerHeaders {

  static final String TRACE_ID = "trace_id";
  static final String TENANT_ID = "tenant_id";

  private static final String MESSAGE_ID = "Nats-Msg-Id";

  private AnswerHeaders() {}

  /**
   * Returns the headers of an ack or a result.
   *
   * @param suffix is appended to the assignment's id to form {@code Nats-Msg-Id}
   * @param cp2 whether at least one flag applied to the assignment
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

  /** Returns the headers of a dead letter. */
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
   * Puts a tab before an id that starts with a space. The server strips leading spaces, so that
   * {@code "a"} and {@code " a"} would be duplicates of each other. It keeps a tab, no id contains
   * one, and readers of the header trim it.
   */
  private static String messageId(String id) {
    return id.startsWith(" ") ? '\t' + id : id;
  }

  /**
   * Returns an id that is the same for each delivery of a message, so that the server drops a
   * second dead letter. Null if the delivery has nothing that identifies its message.
   */
  private static @Nullable String deadLetterId(
      AssignmentIdentity identity, Delivery delivery, Reason reason) {
    Lease lease = delivery.lease();
    String messageKey = lease == null ? null : lease.messageKey();
    String origin = reason == Reason.MALFORMED ? messageKey : identity.assignmentId();
    return origin == null ? null : messageId(origin + ".dlq");
  }

  private static void putKnown(
      HeaderLines headers, AssignmentIdentity identity, Delivery delivery) {
    put(headers, TRACE_ID, identity.correlation().traceId());
    put(headers, TENANT_ID, identity.tenantId());
    put(headers, Tracing.HEADER, delivery.traceparent());
  }

  private static void put(HeaderLines headers, String name, @Nullable String value) {
    if (value != null && canBeSent(value)) {
      headers.add(name, value);
    }
  }

  /** Returns whether a text can be the value of a header. */
  static boolean canBeSent(String value) {
    return RouterRules.isHeaderValue(value) && !value.isBlank();
  }
}
