package io.beamline.worker.observability.logging;

import ch.qos.logback.classic.spi.ILoggingEvent;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.KeyValuePair;

/**
 * The fields of a log event: its key-value pairs and the MDC. A pair replaces an MDC entry of the
 * same name; of two pairs with the same name the last one counts.
 */
final class LogFields {

  /** The fields that stand at the top level (contract section 11), in this order. */
  static final List<String> TOP_LEVEL =
      List.of("tenant_id", "run_id", "flow_id", "step_id", "trace_id", "error_code", "latency_ms");

  /** The names that the format itself uses under {@code context}. */
  private static final Set<String> RESERVED = Set.of("worker_id", "logger", "thread", "exception");

  /** What tracing puts into the MDC; the trace of an assignment is {@code trace_id}. */
  private static final Set<String> OF_TRACING = Set.of("traceId", "spanId");

  private final Map<String, @Nullable Object> top = new HashMap<>();
  private final Map<String, @Nullable Object> context = new LinkedHashMap<>();

  LogFields(ILoggingEvent event) {
    event
        .getMDCPropertyMap()
        .forEach(
            (name, value) -> {
              if (!OF_TRACING.contains(name)) {
                put(name, value);
              }
            });
    List<KeyValuePair> pairs = event.getKeyValuePairs();
    if (pairs != null) {
      pairs.forEach(pair -> put(String.valueOf(pair.key), pair.value));
    }
  }

  /** Returns the value of a top-level field, or null if it is not known. */
  @Nullable Object topLevel(String name) {
    return top.get(name);
  }

  /** Returns all other fields. */
  Map<String, @Nullable Object> context() {
    return context;
  }

  private void put(String name, @Nullable Object value) {
    if (value == null) {
      return;
    }
    if (TOP_LEVEL.contains(name)) {
      top.put(name, value);
    } else if (!RESERVED.contains(name)) {
      context.put(name, value);
    }
  }
}
