package io.beamline.worker.retry;

import io.beamline.worker.contract.StepError;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A failed attempt and everything that decides whether another one follows. Immutable.
 *
 * @param stepType the canonical name of the step's type
 * @param number the number of the attempt, 1 for the first
 * @param firstStartNanos when the first attempt started, on the monotonic clock
 * @param error why it failed
 * @param retryAfter the pause that the provider asked for, null if it asked for none
 * @param retryAllowed false if the block forbids another attempt
 * @param limits the limits of the step's attempts
 * @param nowNanos the time of the decision, on the monotonic clock
 */
public record FailedAttempt(
    String stepType,
    int number,
    long firstStartNanos,
    StepError error,
    @Nullable Duration retryAfter,
    boolean retryAllowed,
    RetryLimits limits,
    long nowNanos) {}
