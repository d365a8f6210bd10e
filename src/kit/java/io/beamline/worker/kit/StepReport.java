package io.beamline.worker.kit;

import io.beamline.worker.contract.ErrorCode;
import io.beamline.worker.contract.StepError;
import io.beamline.worker.contract.StepStatus;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a step ended, as its result would say. Immutable.
 *
 * @param status the {@code status} of the result
 * @param outputs the {@code result}, a JSON object; null unless the step succeeded
 * @param error the {@code error} of the result; null if the step succeeded
 * @param attempts the attempts that were made, 1 or more unless the step was cancelled before
 * @param waits the waits before the retries, one for each
 * @param elapsed the time from the start to the end, with the waits
 * @param thrown what the last attempt threw that is neither a StepFailure nor an interrupt; null if
 *     nothing. The worker logs it, and no result shows it.
 */
public record StepReport(
    StepStatus status,
    @Nullable String outputs,
    @Nullable StepError error,
    int attempts,
    List<Duration> waits,
    Duration elapsed,
    @Nullable Throwable thrown) {

  /** Returns whether the step succeeded. */
  public boolean succeeded() {
    return status == StepStatus.SUCCESS;
  }

  /** Returns the code of the error, or null if the step succeeded. */
  public @Nullable ErrorCode code() {
    return error == null ? null : error.code();
  }

  /** Returns {@code error.details.field}; empty if there is none. */
  public String field() {
    return error == null ? "" : error.detail("field");
  }
}
