package io.beamline.worker.execution;

import io.beamline.worker.timeout.Deadline;
import io.beamline.worker.timeout.OperationTimeouts;

/**
 * What bounds one step. Immutable.
 *
 * @param maxAttempts attempts in all, the first included
 * @param timeouts how long each operation may take
 * @param deadline when the whole step must end
 */
record StepLimits(int maxAttempts, OperationTimeouts timeouts, Deadline deadline) {}
