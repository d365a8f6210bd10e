package io.beamline.worker.execution;

import io.beamline.worker.contract.StepError;
import io.beamline.worker.contract.StepOutcome;
import io.beamline.worker.contract.StepStatus;
import io.beamline.worker.observability.logging.IdentityFields;
import io.beamline.worker.observability.logging.LogThrottle;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * Logs the events of steps (contract section 11). Repeated lines are throttled and counted.
 * Thread-safe.
 */
final class StepLog {

  private static final Logger log = LoggerFactory.getLogger(StepLog.class);

  private final LogThrottle throttle;

  StepLog(LogThrottle throttle) {
    this.throttle = throttle;
  }

  /**
   * Logs that a retry has got its slot and starts.
   *
   * @param last the error of the previous attempt
   * @param waited the wait before this attempt
   */
  void retryStarts(Step step, StepError last, Duration waited, long nowNanos) {
    throttle.log(
        retries(log.atWarn(), step, nowNanos, last)
            .addKeyValue("attempt", step.attempts())
            .addKeyValue("backoff_delay_ms", waited.toMillis()),
        "Retry attempt started");
  }

  /** Logs an attempt that exceeded a time limit, with complete timeout on (W3-2). */
  void attemptFailed(Step step, StepError error, long nowNanos) {
    if (step.flags().completeTimeout() && error.status() == StepStatus.TIMEOUT) {
      timedOut(step, error, PassedLimit.ofAttempt(step, error, nowNanos), nowNanos);
    }
  }

  /** Logs the end of a step that failed, was cancelled on request, or was retried. */
  void ended(Step step, StepConclusion conclusion, long nowNanos) {
    if (conclusion.reason() == EndReason.CANCELLED_ON_REQUEST) {
      cancelled(step, conclusion, nowNanos);
    } else if (conclusion.outcome() instanceof StepOutcome.Failure(StepError error)) {
      if (conclusion.reason().isDeadline()) {
        PassedLimit limit = PassedLimit.ofStep(step, conclusion.reason(), nowNanos);
        timedOut(step, error, limit, nowNanos);
      }
      failed(step, error, nowNanos);
    } else if (step.attempts() > 1) {
      throttle.log(
          retries(log.atInfo(), step, nowNanos).addKeyValue("attempt", step.attempts()),
          "Retry succeeded");
    }
  }

  /** Logs an unexpected failure of a block or of the worker. */
  void died(Step step, Throwable death) {
    IdentityFields.add(log.atError(), step.answer().identity())
        .addKeyValue("step_type", step.type())
        .setCause(death)
        .log("A block died");
  }

  /** Logs that an ended step could not free what it had. Never throws. */
  void leaveFailed(Step step, Throwable failure) {
    try {
      IdentityFields.add(log.atError(), step.answer().identity())
          .setCause(failure)
          .log("A step has ended, but not all that it had could be freed");
    } catch (RuntimeException | Error e) {
      // For lack of memory even a log line may fail.
    }
  }

  /** Logs that a step is left to its next delivery. */
  void lapsed(Step step) {
    throttle.log(
        IdentityFields.add(log.atWarn(), step.answer().identity())
            .addKeyValue("step_type", step.type()),
        "Lease lapsed before the step started; the step is left to its next delivery");
  }

  private void cancelled(Step step, StepConclusion conclusion, long nowNanos) {
    StepError error = conclusion.error();
    LoggingEventBuilder line =
        about(log.atInfo(), step, nowNanos).addKeyValue("attempt", step.attempts());
    if (error != null) {
      error
          .details()
          .forEach(
              (name, value) -> {
                LoggingEventBuilder unused = line.addKeyValue(name, value);
              });
    }
    throttle.log(line, "Step cancelled");
  }

  private void failed(Step step, StepError error, long nowNanos) {
    throttle.log(
        retries(log.atWarn(), step, nowNanos, error)
            .addKeyValue("attempt", step.attempts())
            .addKeyValue("error", error.message()),
        step.attempts() > 1 ? "Retry exhausted" : "Step failed");
  }

  private void timedOut(Step step, StepError error, PassedLimit limit, long nowNanos) {
    throttle.log(
        about(log.atWarn(), step, nowNanos)
            .addKeyValue("error_code", error.code().name())
            .addKeyValue("operation_type", limit.operationType())
            .addKeyValue("timeout_type", limit.timeoutType())
            .addKeyValue("timeout_ms", limit.timeoutMs())
            .addKeyValue("elapsed_ms", limit.elapsedMs()),
        "Operation timeout");
  }

  private static LoggingEventBuilder retries(
      LoggingEventBuilder line, Step step, long nowNanos, StepError error) {
    return retries(line, step, nowNanos)
        .addKeyValue("error_code", error.code().name())
        .addKeyValue("retryable", error.retryable());
  }

  private static LoggingEventBuilder retries(LoggingEventBuilder line, Step step, long nowNanos) {
    return about(line, step, nowNanos)
        .addKeyValue("max_attempts", step.limits().maxAttempts())
        .addKeyValue("retry_budget_used_ms", step.budgetUsed(nowNanos).toMillis());
  }

  private static LoggingEventBuilder about(LoggingEventBuilder line, Step step, long nowNanos) {
    return IdentityFields.add(line, step.answer().identity())
        .addKeyValue("step_type", step.type())
        .addKeyValue("latency_ms", step.attemptTime(nowNanos).toMillis());
  }
}
