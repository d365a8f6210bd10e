package io.beamline.worker.execution;

import io.beamline.worker.timeout.Deadline;
import io.beamline.worker.timeout.OperationTimeouts;
import java.time.Duration;

/**
 * The limits of one step. Immutable.
 *
 * @param maxAttempts the most attempts, including the first
 * @param total the assignment's {@code deadline_ms} or the default; the flags decide what it limits
 * @param timeouts how long each operation may take
 * @param deadline when the whole step must have ended; never passes if complete timeout is off
 */
record StepLimits(int maxAttempts, Duration total, OperationTimeouts timeouts, Deadline deadline) {}
