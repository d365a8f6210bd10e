package io.beamline.worker.execution;

import io.beamline.worker.contract.Overload;
import java.util.function.Supplier;

/**
 * What a step knows of the queue that it was submitted to with queue management on (W3-4.2).
 * Immutable.
 *
 * @param submitted how full the queue was when it decided about the step
 * @param now tells how full the queue is now
 */
public record QueueTicket(Overload submitted, Supplier<Overload> now) {}
