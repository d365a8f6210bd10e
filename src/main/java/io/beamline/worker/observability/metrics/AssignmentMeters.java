package io.beamline.worker.observability.metrics;

import io.micrometer.core.instrument.Counter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Counts acks by status and reason, and dead letters by reason. A label value that the contract
 * does not list counts as {@code none}. All counters are registered at start. Thread-safe.
 */
final class AssignmentMeters {

  private static final List<String> ACK_STATUSES = List.of("accepted", "rejected", "error");
  private static final List<String> REJECTION_REASONS =
      List.of(
          "queue_full",
          "invalid_assignment",
          "unsupported_version",
          "unsupported_channel",
          "unsupported_job_type",
          "unsupported_payload_ref",
          "shutting_down",
          Meters.NONE);
  private static final List<String> DEAD_LETTER_REASONS =
      List.of("malformed", "max_deliver", "failed", Meters.NONE);

  private final Map<String, Map<String, Counter>> answered = new HashMap<>();
  private final Map<String, Counter> deadLetters = new HashMap<>();

  AssignmentMeters(Meters meters) {
    for (String status : ACK_STATUSES) {
      List<String> reasons = status.equals("rejected") ? REJECTION_REASONS : List.of(Meters.NONE);
      answered.put(status, acks(meters, status, reasons));
    }
    answered.put(Meters.NONE, acks(meters, Meters.NONE, List.of(Meters.NONE)));
    for (String reason : DEAD_LETTER_REASONS) {
      deadLetters.put(
          reason, meters.counter("worker.dead.letters", "Dead letters", "reason", reason));
    }
  }

  void answered(String ackStatus, String reason) {
    count(of(answered, ackStatus), reason);
  }

  void deadLettered(String reason) {
    count(deadLetters, reason);
  }

  private static Map<String, Counter> acks(Meters meters, String status, List<String> reasons) {
    Map<String, Counter> counters = new HashMap<>();
    for (String reason : reasons) {
      counters.put(
          reason,
          meters.counter(
              "worker.assignments",
              "Assignments answered",
              "ack_status",
              status,
              "reason",
              reason));
    }
    return counters;
  }

  private static void count(Map<String, Counter> counters, String value) {
    of(counters, value).increment();
  }

  /** Returns the entry of a value, or else that of {@code none}, which every map has. */
  private static <T> T of(Map<String, T> entries, String value) {
    T entry = entries.get(value);
    if (entry == null) {
      entry = entries.get(Meters.NONE);
    }
    if (entry == null) {
      throw new IllegalStateException("No entry for " + Meters.NONE);
    }
    return entry;
  }
}
