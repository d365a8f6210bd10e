package io.beamline.worker.observability.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The meters of complete timeout (contract section 10). Thread-safe. */
final class TimeoutMeters {

  private static final List<String> HTTP = List.of("connect", "handshake", "response", "total");
  private static final List<String> FILE = List.of("operation", "total");
  private static final String NATS_STEP = "nats.request";
  private static final List<String> NATS = List.of("response", "total");
  private static final List<String> SQL = List.of("connect", "response", "total");
  private static final String SQL_BLOCK = "sql.query";
  private static final List<String> STEP = List.of("total", "queue");

  private final Map<String, Map<String, Counter>> events = new HashMap<>();
  private final Counter others;
  private final Timer overrun;

  TimeoutMeters(Meters meters, List<String> stepTypes) {
    register(meters, "http", HTTP);
    for (String operation : List.of("fs_read", "fs_write", "fs_delete")) {
      register(meters, operation, FILE);
    }
    if (stepTypes.contains(NATS_STEP)) {
      register(meters, "nats_request", NATS);
    }
    if (stepTypes.contains(SQL_BLOCK)) {
      register(meters, "sql_query", SQL);
    }
    stepTypes.forEach(type -> register(meters, type, STEP));
    others = event(meters, Meters.NONE, Meters.NONE);
    overrun = meters.timer("worker.deadline.overrun", "How long after its deadline a step ended");
  }

  /** Counts an operation that timed out. */
  void timedOut(String operationType, String timeoutType) {
    events.getOrDefault(operationType, Map.of()).getOrDefault(timeoutType, others).increment();
  }

  /** Records how long after its deadline a step ended. */
  void late(Duration time) {
    overrun.record(time);
  }

  private void register(Meters meters, String operation, List<String> types) {
    Map<String, Counter> counters = events.computeIfAbsent(operation, any -> new HashMap<>());
    types.forEach(type -> counters.put(type, event(meters, operation, type)));
  }

  private static Counter event(Meters meters, String operation, String type) {
    return meters.counter(
        "worker.timeout.events",
        "Operations that ran out of time",
        "operation_type",
        operation,
        "timeout_type",
        type);
  }
}
