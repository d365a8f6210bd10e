package io.beamline.worker.execution;

import io.beamline.worker.contract.ErrorCode;
import io.beamline.worker.contract.StepError;
import java.util.LinkedHashMap;
import java.util.Map;

/** The errors of steps whose time is up (W3-1.4, W3-2.3). Pure. */
final class TimeUp {

  private static final String OPERATION = "operation_type";
  private static final String TYPE = "timeout_type";
  private static final String TIMEOUT = "timeout_ms";
  private static final String ELAPSED = "elapsed_ms";

  private TimeUp() {}

  /** The retry budget ended the step. */
  static StepError budget(Step step) {
    StepError last = step.lastError();
    Map<String, Object> details = new LinkedHashMap<>();
    details.put("budget_ms", step.limits().total().toMillis());
    details.put("attempts", step.attempts());
    String message =
        "The retry budget of %d ms was used up after %d attempts"
            .formatted(step.limits().total().toMillis(), step.attempts());
    if (last != null) {
      details.put("last_error_code", last.code().name());
      details.put("last_error_message", last.message());
      message += "; the last error was " + last.code().name() + ": " + last.message();
    }
    return StepError.of(ErrorCode.CANCELLED_BY_TIMEOUT, message, details);
  }

  /** The deadline passed while the step waited for a slot. */
  static StepError inQueue(Step step, long nowNanos) {
    return passed(step, nowNanos, "queue", "The deadline passed while the step waited for a slot");
  }

  /** The deadline passed while the step ran or waited for its next attempt. */
  static StepError total(Step step, long nowNanos) {
    return passed(step, nowNanos, "total", "The step's deadline passed");
  }

  private static StepError passed(Step step, long nowNanos, String type, String message) {
    Map<String, Object> details = new LinkedHashMap<>();
    details.put(OPERATION, step.type());
    details.put(TYPE, type);
    details.put(TIMEOUT, step.limits().total().toMillis());
    details.put(ELAPSED, step.age(nowNanos).toMillis());
    StepError last = step.lastError();
    if (last != null) {
      details.put("attempts", step.attempts());
      details.put("last_error_code", last.code().name());
      details.put("last_error_message", last.message());
    }
    return StepError.of(ErrorCode.CANCELLED_BY_TIMEOUT, message, details);
  }
}
