package io.beamline.worker.block.nats;

import static io.beamline.worker.contract.ErrorCode.INVALID_FORMAT;
import static io.beamline.worker.contract.ErrorCode.INVALID_INPUT;

import io.beamline.worker.block.BlockCall;
import io.beamline.worker.block.HeaderInput;
import io.beamline.worker.block.Inputs;
import io.beamline.worker.block.StepFailure;
import io.beamline.worker.contract.RouterRules;
import io.beamline.worker.contract.json.JsonFields.Field;
import io.beamline.worker.observability.tracing.Tracing;
import io.nats.client.impl.Headers;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Puts the headers of a request together: those of the job, and the worker's own. Stateless. */
final class OutgoingHeaders {

  static final String MESSAGE_ID = "Nats-Msg-Id";
  static final String TENANT_ID = "tenant_id";

  /** What the worker sets itself, and what says that a body comes in several messages. */
  private static final Set<String> RESERVED =
      Set.of(TENANT_ID, Tracing.HEADER, ServiceReply.TRANSFER_ENCODING.toLowerCase(Locale.ROOT));

  /** Such headers have a meaning for NATS itself. */
  private static final String RESERVED_PREFIX = "nats-";

  private OutgoingHeaders() {}

  /**
   * Returns the headers of a call.
   *
   * @throws StepFailure INVALID_FORMAT if the job's headers cannot be read or sent, INVALID_INPUT
   *     for a header that the job must not set
   */
  static Headers of(BlockCall call, Inputs inputs) throws StepFailure {
    Headers headers = new Headers();
    for (Map.Entry<String, Field> field : HeaderInput.fields(inputs).entrySet()) {
      checkName(field.getKey());
      headers.add(field.getKey(), HeaderInput.values(field.getKey(), field.getValue()));
    }
    headers.put(MESSAGE_ID, messageId(call));
    put(headers, TENANT_ID, call.tenantId());
    trace(headers, call.traceparent());
    return headers;
  }

  /** Sets the trace context of a request, in place of another one; null for no change. */
  static void trace(Headers headers, @Nullable String traceparent) {
    put(headers, Tracing.HEADER, traceparent);
  }

  /** Puts a tab before an id that starts with a space, because the server strips spaces there. */
  private static String messageId(BlockCall call) {
    String id = call.assignmentId() + "." + call.attempt();
    return id.startsWith(" ") ? '\t' + id : id;
  }

  private static void put(Headers headers, String name, @Nullable String value) {
    if (value != null && RouterRules.isHeaderValue(value) && !value.isBlank()) {
      headers.put(name, value);
    }
  }

  private static void checkName(String name) throws StepFailure {
    if (!isName(name)) {
      throw HeaderInput.failure(
          INVALID_FORMAT, "A header's name has a character that is not allowed", name);
    }
    String lower = name.toLowerCase(Locale.ROOT);
    if (RESERVED.contains(lower) || lower.startsWith(RESERVED_PREFIX)) {
      throw HeaderInput.failure(INVALID_INPUT, "A header is not the job's to set", name);
    }
  }

  private static boolean isName(String name) {
    return !name.isEmpty() && name.chars().allMatch(c -> c > ' ' && c <= '~' && c != ':');
  }
}
