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
  private final boolean retryAllowed;

  /** A failure with this error. */
  public StepFailure(StepError error) {
    this(error, null, true);
  }

  /**
   * A failure whose provider asked for a pause.
   *
   * @param retryAfter the pause the provider asked for, null when it did not
   */
  public StepFailure(StepError error, @Nullable Duration retryAfter) {
    this(error, retryAfter, true);
  }

  private StepFailure(StepError error, @Nullable Duration retryAfter, boolean retryAllowed) {
    super(error.message(), null, false, false);
    this.error = error;
    this.retryAfter = retryAfter;
    this.retryAllowed = retryAllowed;
  }

  /**
   * A failure that ends the step: no other attempt is made, whatever the flags and settings say.
   * For what would fail again at once, or harm others when it is repeated. The error may still be
   * retryable: that is for the Router, which may assign the work anew (contract section 5).
   */
  public static StepFailure withoutRetry(StepError error) {
    return new StepFailure(error, null, false);
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

  /** Whether a retry policy may make another attempt; false only for {@link #withoutRetry}. */
  public boolean isRetryAllowed() {
    return retryAllowed;
  }
}
