package io.beamline.worker.block;

import io.beamline.worker.contract.ErrorCode;
import io.beamline.worker.contract.StepError;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A failure that a block understands. It has no stack trace: its error says everything. */
public final class StepFailure extends Exception {

  private final transient StepError error;
  private final @Nullable Duration retryAfter;

  /** A failure with this error. */
  public StepFailure(StepError error) {
    this(error, null);
  }

  /**
   * A failure whose provider asked for a pause.
   *
   * @param retryAfter the pause the provider asked for, null when it did not
   */
  public StepFailure(StepError error, @Nullable Duration retryAfter) {
    super(error.message(), null, false, false);
    this.error = error;
    this.retryAfter = retryAfter;
  }

  /** A failure whose type and retryability are its code's. */
  public static StepFailure of(ErrorCode code, String message, Map<String, Object> details) {
    return new StepFailure(StepError.of(code, message, details));
  }

  /** A failure without details, whose type and retryability are its code's. */
  public static StepFailure of(ErrorCode code, String message) {
    return of(code, message, Map.of());
  }

  /** What happened. */
  public StepError error() {
    return error;
  }

  /** The pause the provider asked for before the next attempt, null when it did not. */
  public @Nullable Duration retryAfter() {
    return retryAfter;
  }
}
