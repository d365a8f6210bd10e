package io.beamline.worker.result;

import io.beamline.worker.timeout.TimeSource;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/**
 * What the worker answered lately, so that a redelivery is answered and not run again: 10 minutes
 * and 64 MiB, or a quarter of the heap where that is less (contract section 6). When that is full
 * the oldest goes: what was answered just now is what a redelivery is most likely for. Thread-safe.
 */
final class KnownAnswers {

  private static final Duration KEPT_FOR = Duration.ofMinutes(10);
  private static final long MAX_BYTES = 64L * 1024 * 1024;

  /** What an answer takes besides its texts, in bytes; measured. */
  private static final int ENTRY = 256;

  private final long maxBytes;
  private final TimeSource time;
  private final SequencedMap<String, Entry> answers = new LinkedHashMap<>();
  private long bytes;

  /**
   * Nothing is known yet.
   *
   * @param maxBytes the memory that answers may take
   */
  KnownAnswers(long maxBytes, TimeSource time) {
    this.maxBytes = maxBytes;
    this.time = time;
  }

  /** As much as this process has the memory for. */
  static KnownAnswers ofThisProcess(TimeSource time) {
    return new KnownAnswers(
        AnswerMemory.ofThisProcess("answers for redeliveries", MAX_BYTES), time);
  }

  synchronized void remember(String assignmentId, Known known) {
    Entry entry =
        new Entry(known, time.nanos(), ENTRY + 2 * assignmentId.length() + known.weight());
    Entry before = answers.remove(assignmentId);
    bytes -= before == null ? 0 : before.weight;
    answers.put(assignmentId, entry);
    bytes += entry.weight;
    forget(entry.sinceNanos);
  }

  private void forget(long nowNanos) {
    Iterator<Entry> oldest = answers.values().iterator();
    while (oldest.hasNext()) {
      Entry entry = oldest.next();
      if (bytes <= maxBytes && !isOld(entry, nowNanos)) {
        return;
      }
      oldest.remove();
      bytes -= entry.weight;
    }
  }

  synchronized @Nullable Known find(String assignmentId) {
    Entry entry = answers.get(assignmentId);
    return entry == null || isOld(entry, time.nanos()) ? null : entry.known;
  }

  /** Answers known; for tests. */
  synchronized int count() {
    return answers.size();
  }

  private static boolean isOld(Entry entry, long nowNanos) {
    return nowNanos - entry.sinceNanos >= KEPT_FOR.toNanos();
  }

  private record Entry(Known known, long sinceNanos, int weight) {}

  /**
   * One answer, less what the next delivery tells again.
   *
   * @param tenantId whose answer it is, null when the assignment named nobody
   * @param result the result's body, null when the assignment was rejected without one
   */
  record Known(Decision decision, @Nullable String tenantId, byte @Nullable [] result) {

    /** Texts with two bytes a character, as if all were. */
    int weight() {
      return (result == null ? 0 : result.length)
          + 2 * length(decision.detail())
          + 2 * length(tenantId);
    }

    private static int length(@Nullable String text) {
      return text == null ? 0 : text.length();
    }
  }
}
