package io.beamline.worker.block;

import io.beamline.worker.contract.ErrorCode;
import io.beamline.worker.contract.StepError;
import io.beamline.worker.destination.AttemptVerdict;
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
  private final AttemptVerdict verdict;

  /** Creates a failure that a retry policy may retry. */
  public StepFailure(StepError error) {
    this(error, null, true, DestinationFaults.verdict(error));
  }

  /**
   * Creates a failure with the pause that the provider asked for.
   *
   * @param retryAfter the pause before the next attempt, or null if the provider asked for none
   */
  public StepFailure(StepError error, @Nullable Duration retryAfter) {
    this(error, retryAfter, true, DestinationFaults.verdict(error));
  }

  private StepFailure(
      StepError error,
      @Nullable Duration retryAfter,
      boolean retryAllowed,
      AttemptVerdict verdict) {
    super(error.message(), null, false, false);
    this.error = error;
    this.retryAfter = retryAfter;
    this.retryAllowed = retryAllowed;
    this.verdict = verdict;
  }

  /**
   * Creates a failure that ends the step, whatever the flags and settings are. Use it for what
   * would fail again at once, or would harm others when repeated. The error itself may still be
   * retryable, which concerns only the Router: it may assign the work anew (contract section 5).
   */
  public static StepFailure withoutRetry(StepError error) {
    return new StepFailure(error, null, false, DestinationFaults.verdict(error));
  }

  /** Creates a failure with the type and the retryability of its code. */
  public static StepFailure of(ErrorCode code, String message, Map<String, Object> details) {
    return new StepFailure(StepError.of(code, message, details));
  }

  /** Creates a failure without details, with the type and the retryability of its code. */
  public static StepFailure of(ErrorCode code, String message) {
    return of(code, message, Map.of());
  }

  /** Returns the same failure with another verdict about the destination. */
  public StepFailure saying(AttemptVerdict other) {
    return new StepFailure(error, retryAfter, retryAllowed, other);
  }

  /** Returns what the failure says about the destination of the step (W3-5.1). */
  public AttemptVerdict verdict() {
    return verdict;
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
