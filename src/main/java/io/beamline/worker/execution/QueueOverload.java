package io.beamline.worker.execution;

import io.beamline.worker.contract.Overload;
import java.util.function.Supplier;

/**
 * How full the queue is to which a step was submitted with queue management on (W3-4.2). Immutable.
 *
 * @param atSubmission how full the queue was when it accepted or rejected the step
 * @param now supplies how full the queue is now
 */
public record QueueOverload(Overload atSubmission, Supplier<Overload> now) {}
