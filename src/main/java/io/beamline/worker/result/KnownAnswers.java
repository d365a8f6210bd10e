package io.beamline.worker.result;

import io.beamline.worker.config.HeapShare;
import io.beamline.worker.timeout.TimeSource;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/**
 * The latest answers. A redelivery gets its answer from here and does not run again (contract
 * section 6). Answers are kept for 10 minutes, in at most 64 MiB or a quarter of the heap. When
 * that is full, the oldest answer is removed, because redeliveries are likeliest for new ones. Safe
 * for several threads: every access is under the lock of this object.
 */
final class KnownAnswers {

  private static final Duration RETENTION = Duration.ofMinutes(10);
  private static final long MAX_BYTES = 64L * 1024 * 1024;

  /** The memory of an answer without its texts, in bytes, as measured. */
  private static final int ENTRY_OVERHEAD = 240;

  private final long maxBytes;
  private final TimeSource time;
  private final SequencedMap<String, Entry> answers = new LinkedHashMap<>();
  private long bytes;

  /**
   * Creates an empty store.
   *
   * @param maxBytes the memory for answers, in bytes
   */
  KnownAnswers(long maxBytes, TimeSource time) {
    this.maxBytes = maxBytes;
    this.time = time;
  }

  /** Creates an empty store with as much memory as this process can give. */
  static KnownAnswers ofThisProcess(TimeSource time) {
    return new KnownAnswers(AnswerMemory.ofThisProcess(HeapShare.KNOWN_ANSWERS, MAX_BYTES), time);
  }

  synchronized void remember(String assignmentId, KnownAnswer known) {
    Entry entry =
        new Entry(
            known.decision,
            known.tenantId,
            known.result,
            time.nanos(),
            ENTRY_OVERHEAD + 2 * assignmentId.length() + known.weight());
    Entry before = answers.putLast(assignmentId, entry);
    bytes += entry.weight - (before == null ? 0 : before.weight);
    evict(entry.sinceNanos);
  }

  private void evict(long nowNanos) {
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

  synchronized @Nullable KnownAnswer find(String assignmentId) {
    Entry entry = answers.get(assignmentId);
    return entry == null || isOld(entry, time.nanos()) ? null : entry.known();
  }

  /** Returns the number of answers; for tests. */
  synchronized int count() {
    return answers.size();
  }

  private static boolean isOld(Entry entry, long nowNanos) {
    return nowNanos - entry.sinceNanos >= RETENTION.toNanos();
  }

  /**
   * What is kept of an answer, in one object: a worker at full speed has hundreds of thousands of
   * them, and forgets one for each that it adds.
   */
  private record Entry(
      AckDecision decision,
      @Nullable String tenantId,
      byte @Nullable [] result,
      long sinceNanos,
      int weight) {

    KnownAnswer known() {
      return new KnownAnswer(decision, tenantId, result);
    }
  }

  /**
   * One answer, without the ids that a redelivery brings again.
   *
   * @param tenantId the tenant of the assignment, null if it named none
   * @param result the JSON of the result, null for a rejection without a result
   */
  record KnownAnswer(AckDecision decision, @Nullable String tenantId, byte @Nullable [] result) {

    /** Returns the memory of the texts in bytes, with two bytes for each character. */
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
