package io.beamline.worker.retry;

import io.beamline.worker.contract.StepError;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A failed attempt, with all that decides whether another one follows. Immutable.
 *
 * @param number the attempts made so far, this one included; 1 or more
 * @param firstStartNanos when the first attempt started, on the monotonic clock
 * @param error why it failed
 * @param retryAfter the pause that the provider asked for, null when it did not
 * @param retryAllowed false when the block says that the same step must not try again
 * @param limits what bounds the step's attempts
 * @param nowNanos the time of the decision, on the monotonic clock
 */
public record FailedAttempt(
    int number,
    long firstStartNanos,
    StepError error,
    @Nullable Duration retryAfter,
    boolean retryAllowed,
    RetryLimits limits,
    long nowNanos) {}
