package io.beamline.worker.result;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What the worker answered lately, so that a redelivery is answered and not run again: 10 minutes
 * and 64 MiB, or a quarter of the heap where that is less (contract section 6). Thread-safe.
 */
final class KnownAnswers {

  private static final Duration KEPT_FOR = Duration.ofMinutes(10);
  private static final long MAX_BYTES = 64L * 1024 * 1024;

  /** An entry of the cache and its key, in bytes; measured. */
  private static final int ENTRY = 256;

  private final Cache<String, Known> answers;

  /**
   * Nothing is known yet.
   *
   * @param maxBytes the memory that answers may take
   */
  KnownAnswers(long maxBytes) {
    answers =
        Caffeine.newBuilder()
            .expireAfterWrite(KEPT_FOR)
            .maximumWeight(maxBytes)
            .weigher((String id, Known known) -> ENTRY + known.weight())
            .executor(Runnable::run)
            .build();
  }

  /** As much as this process has the memory for. */
  static KnownAnswers ofThisProcess() {
    return new KnownAnswers(AnswerMemory.ofThisProcess("answers for redeliveries", MAX_BYTES));
  }

  void remember(String assignmentId, Known known) {
    answers.put(assignmentId, known);
  }

  @Nullable Known find(String assignmentId) {
    return answers.getIfPresent(assignmentId);
  }

  /** Answers known, about; for tests. */
  long count() {
    answers.cleanUp();
    return answers.estimatedSize();
  }

  /**
   * One answer.
   *
   * @param ack the ack
   * @param result the result, null when the assignment was rejected
   */
  record Known(Outgoing ack, @Nullable Outgoing result) {

    int weight() {
      return ack.weight() + (result == null ? 0 : result.weight());
    }
  }
}
