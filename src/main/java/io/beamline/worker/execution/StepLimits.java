package io.beamline.worker.execution;

import io.beamline.worker.timeout.Deadline;
import io.beamline.worker.timeout.OperationTimeouts;
import java.time.Duration;

/**
 * What bounds one step. Immutable.
 *
 * @param maxAttempts attempts in all, the first included
 * @param total the step's time budget
 * @param timeouts how long each operation may take
 * @param deadline when the whole step must end; never, with complete timeout off
 */
record StepLimits(int maxAttempts, Duration total, OperationTimeouts timeouts, Deadline deadline) {}
