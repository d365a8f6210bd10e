package io.beamline.worker.contract;

import org.jspecify.annotations.Nullable;

/**
 * The ids that tie a step to its run, as the Router gave them. Immutable; each part null when it
 * was not given. What does not satisfy the Router's rules stays out of the top level of a message,
 * and is always under {@code correlation}.
 *
 * @param traceId the distributed trace
 * @param runId the run of the flow
 * @param flowId the flow
 * @param stepId the step of the flow
 */
public record Correlation(
    @Nullable String traceId,
    @Nullable String runId,
    @Nullable String flowId,
    @Nullable String stepId) {

  /** No id at all. */
  public static final Correlation NONE = new Correlation(null, null, null, null);

  /** Whether {@code trace_id} may stand at the top level of a message. */
  public boolean traceIdAtTopLevel() {
    return RouterRules.isTraceId(traceId);
  }

  /** Whether run, flow and step id may stand at the top level: all three, each well-formed. */
  public boolean runIdsAtTopLevel() {
    return RouterRules.isRunId(runId) && RouterRules.isRunId(flowId) && RouterRules.isRunId(stepId);
  }
}
