package io.beamline.worker.execution;

import io.beamline.worker.contract.CancelStage;

/**
 * A step that was ended on request and has no result yet.
 *
 * @param stage where it was
 * @param publication publishes its result; never throws. Whoever has ended the step must run it
 *     once.
 */
public record CancelledStep(CancelStage stage, Runnable publication) {}
