package io.beamline.worker.result;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What the worker answered lately, so that a redelivery is answered and not run again: 10 minutes
 * and 64 MiB, or an eighth of the heap where that is less (contract section 6). Thread-safe.
 */
final class KnownAnswers {

  private static final Duration KEPT_FOR = Duration.ofMinutes(10);
  private static final long MAX_BYTES = 64L * 1024 * 1024;
  private static final int HEAP_SHARE = 8;

  private final Cache<String, Known> answers =
      Caffeine.newBuilder()
          .expireAfterWrite(KEPT_FOR)
          .maximumWeight(Math.min(MAX_BYTES, Runtime.getRuntime().maxMemory() / HEAP_SHARE))
          .weigher((String id, Known known) -> known.weight())
          .executor(Runnable::run)
          .build();

  void remember(String assignmentId, Known known) {
    answers.put(assignmentId, known);
  }

  @Nullable Known find(String assignmentId) {
    return answers.getIfPresent(assignmentId);
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
