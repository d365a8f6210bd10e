package io.beamline.worker.contract;

import org.jspecify.annotations.Nullable;

/**
 * The ids of the run that a step belongs to, as they came. An id is null if the assignment has
 * none. Answers repeat all ids under {@code correlation}. The top level has only ids that the
 * Router takes there (contract section 1). Immutable.
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

  /** No id is known. */
  public static final Correlation NONE = new Correlation(null, null, null, null);

  /** Returns whether the Router takes the trace id at the top level of a message. */
  public boolean traceIdAtTopLevel() {
    return RouterRules.isTraceId(traceId);
  }

  /**
   * Returns whether the Router takes the run, flow and step id at the top level. It takes all three
   * or none.
   */
  public boolean runIdsAtTopLevel() {
    return RouterRules.isRunId(runId) && RouterRules.isRunId(flowId) && RouterRules.isRunId(stepId);
  }
}
