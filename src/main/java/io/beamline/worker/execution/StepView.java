package io.beamline.worker.execution;

import io.beamline.worker.contract.CancelStage;
import org.jspecify.annotations.Nullable;

/**
 * A step that is under way, for operators (contract section 9). Immutable.
 *
 * @param assignmentId the id of its assignment
 * @param tenantId its tenant
 * @param stepType the canonical name of its block
 * @param stage where it is
 * @param attempts the attempts started so far
 * @param ageMs the time since its assignment arrived
 * @param deadlineInMs the time until its deadline, 0 when that has passed; null if it has none
 */
public record StepView(
    String assignmentId,
    String tenantId,
    String stepType,
    CancelStage stage,
    int attempts,
    long ageMs,
    @Nullable Long deadlineInMs) {}
