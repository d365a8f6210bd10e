package io.beamline.worker.block;

import io.beamline.worker.contract.ErrorCode;
import io.beamline.worker.contract.StepError;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A failure that a block recognizes. It has no stack trace, because its error has all that is
 * needed.
 */
public final class StepFailure extends Exception {

  private final transient StepError error;
  private final @Nullable Duration retryAfter;
  private final boolean retryAllowed;

  /** Creates a failure that a retry policy may retry. */
  public StepFailure(StepError error) {
    this(error, null, true);
  }

  /**
   * Creates a failure with the pause that the provider asked for.
   *
   * @param retryAfter the pause before the next attempt, or null if the provider asked for none
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
   * Creates a failure that ends the step, whatever the flags and settings are. Use it for what
   * would fail again at once, or would harm others when repeated. The error itself may still be
   * retryable, which concerns only the Router: it may assign the work anew (contract section 5).
   */
  public static StepFailure withoutRetry(StepError error) {
    return new StepFailure(error, null, false);
  }

  /** Creates a failure with the type and the retryability of its code. */
  public static StepFailure of(ErrorCode code, String message, Map<String, Object> details) {
    return new StepFailure(StepError.of(code, message, details));
  }

  /** Creates a failure without details, with the type and the retryability of its code. */
  public static StepFailure of(ErrorCode code, String message) {
    return of(code, message, Map.of());
  }

  /** Returns the error that the result shows. */
  public StepError error() {
    return error;
  }

  /** Returns the pause that the provider asked for, or null if it asked for none. */
  public @Nullable Duration retryAfter() {
    return retryAfter;
  }

  /**
   * Returns whether a retry policy may make another attempt; false only for {@link #withoutRetry}.
   */
  public boolean isRetryAllowed() {
    return retryAllowed;
  }
}
