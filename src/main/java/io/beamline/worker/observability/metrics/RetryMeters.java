package io.beamline.worker.observability.metrics;

import io.beamline.worker.contract.ErrorCode;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The meters of advanced retry for one step type (contract section 10). Thread-safe. */
final class RetryMeters {

  private final Map<ErrorCode, Counter> retryable = new EnumMap<>(ErrorCode.class);
  private final Map<ErrorCode, Counter> notRetryable = new EnumMap<>(ErrorCode.class);
  private final Map<ErrorCode, Map<RetryOutcome, Counter>> outcomes =
      new EnumMap<>(ErrorCode.class);
  private final Timer backoff;
  private final Counter budgetExhausted;

  RetryMeters(Meters meters, String stepType) {
    for (ErrorCode code : ErrorCode.values()) {
      retryable.put(code, attempts(meters, stepType, code, "true"));
      notRetryable.put(code, attempts(meters, stepType, code, "false"));
      outcomes.put(code, outcomes(meters, stepType, code));
    }
    backoff =
        meters.timer(
            "worker.retry.backoff.duration", "Waits before retries", "step_type", stepType);
    budgetExhausted =
        meters.counter(
            "worker.retry.budget.exhausted", "Steps ended by their budget", "step_type", stepType);
  }

  void attemptFailed(ErrorCode code, boolean isRetryable) {
    increment((isRetryable ? retryable : notRetryable).get(code));
  }

  void ended(ErrorCode code, RetryOutcome outcome) {
    increment(outcomes.getOrDefault(code, Map.of()).get(outcome));
    if (outcome == RetryOutcome.BUDGET) {
      budgetExhausted.increment();
    }
  }

  void waiting(Duration wait) {
    backoff.record(wait);
  }

  private static void increment(@Nullable Counter counter) {
    if (counter != null) {
      counter.increment();
    }
  }

  private static Map<RetryOutcome, Counter> outcomes(
      Meters meters, String stepType, ErrorCode code) {
    Map<RetryOutcome, Counter> counters = new EnumMap<>(RetryOutcome.class);
    for (RetryOutcome outcome : RetryOutcome.values()) {
      counters.put(
          outcome,
          meters.counter(
              "worker.retry.outcomes",
              "How steps ended that failed at least once",
              "step_type",
              stepType,
              "error_code",
              code.name(),
              "outcome",
              outcome.wireName()));
    }
    return counters;
  }

  private static Counter attempts(
      Meters meters, String stepType, ErrorCode code, String isRetryable) {
    return meters.counter(
        "worker.retry.attempts",
        "Attempts that failed, by whether another could succeed",
        "step_type",
        stepType,
        "error_code",
        code.name(),
        "retryable",
        isRetryable);
  }
}
