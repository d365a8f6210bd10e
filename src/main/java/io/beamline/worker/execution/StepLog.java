package io.beamline.worker.execution;

import io.beamline.worker.contract.Correlation;
import io.beamline.worker.contract.ExecAssignment;
import io.beamline.worker.contract.StepError;
import io.beamline.worker.contract.StepOutcome;
import io.beamline.worker.contract.StepStatus;
import io.beamline.worker.observability.LogThrottle;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/** The log lines of steps (contract section 11). Storms are thinned with a count. */
final class StepLog {

  private static final Logger log = LoggerFactory.getLogger(StepLog.class);

  private final LogThrottle throttle;

  StepLog(LogThrottle throttle) {
    this.throttle = throttle;
  }

  void retryPlanned(Step step, StepError error, Duration wait, long nowNanos) {
    throttle.log(
        retry(step, error, nowNanos)
            .addKeyValue("attempt", step.attempts() + 1)
            .addKeyValue("backoff_delay_ms", wait.toMillis()),
        "Retry attempt started");
  }

  /** Tells of an attempt that ran out of time, with complete timeout on (W3-2). */
  void attemptFailed(Step step, StepError error, long nowNanos) {
    if (step.flags().completeTimeout() && error.status() == StepStatus.TIMEOUT) {
      timedOut(step, error, nowNanos);
    }
  }

  private void timedOut(Step step, StepError error, long nowNanos) {
    Object elapsed = error.details().get("elapsed_ms");
    throttle.log(
        about(log.atWarn(), step, nowNanos)
            .addKeyValue("error_code", error.code().name())
            .addKeyValue("operation_type", error.details().get("operation_type"))
            .addKeyValue("timeout_type", error.details().get("timeout_type"))
            .addKeyValue("timeout_ms", error.details().get("timeout_ms"))
            .addKeyValue(
                "elapsed_ms", elapsed == null ? step.attemptTime(nowNanos).toMillis() : elapsed),
        "Operation timeout");
  }

  void ended(Step step, StepOutcome outcome, long nowNanos) {
    switch (outcome) {
      case StepOutcome.Success success -> succeeded(step, nowNanos);
      case StepOutcome.Failure failure -> failed(step, failure.error(), nowNanos);
    }
  }

  private void succeeded(Step step, long nowNanos) {
    if (step.attempts() > 1) {
      throttle.log(
          about(log.atInfo(), step, nowNanos)
              .addKeyValue("attempt", step.attempts())
              .addKeyValue("max_attempts", step.limits().maxAttempts())
              .addKeyValue("retry_budget_used_ms", step.budgetUsed(nowNanos).toMillis()),
          "Retry succeeded");
    }
  }

  private void failed(Step step, StepError error, long nowNanos) {
    if (!error.equals(step.lastError())) {
      attemptFailed(step, error, nowNanos);
    }
    String message = step.attempts() > 1 ? "Retry exhausted" : "Step failed";
    throttle.log(
        retry(step, error, nowNanos)
            .addKeyValue("attempt", step.attempts())
            .addKeyValue("error", error.message()),
        message);
  }

  private static LoggingEventBuilder retry(Step step, StepError error, long nowNanos) {
    return about(log.atWarn(), step, nowNanos)
        .addKeyValue("error_code", error.code().name())
        .addKeyValue("retryable", error.retryable())
        .addKeyValue("max_attempts", step.limits().maxAttempts())
        .addKeyValue("retry_budget_used_ms", step.budgetUsed(nowNanos).toMillis());
  }

  private static LoggingEventBuilder about(LoggingEventBuilder line, Step step, long nowNanos) {
    ExecAssignment assignment = step.assignment();
    Correlation ids = assignment.correlation();
    put(line, "tenant_id", assignment.tenantId());
    put(line, "run_id", ids.runId());
    put(line, "flow_id", ids.flowId());
    put(line, "step_id", ids.stepId());
    put(line, "trace_id", ids.traceId());
    return line.addKeyValue("latency_ms", step.attemptTime(nowNanos).toMillis())
        .addKeyValue("assignment_id", assignment.assignmentId())
        .addKeyValue("step_type", step.type());
  }

  private static void put(LoggingEventBuilder line, String name, @Nullable Object value) {
    if (value != null) {
      LoggingEventBuilder unused = line.addKeyValue(name, value);
    }
  }
}
