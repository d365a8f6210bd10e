package io.beamline.worker.contract.json;

import io.beamline.worker.contract.Correlation;
import org.jspecify.annotations.Nullable;

/** The ids of a run while a message is read. Used by one thread. */
final class CorrelationDraft {

  private @Nullable String traceId;
  private @Nullable String runId;
  private @Nullable String flowId;
  private @Nullable String stepId;

  /** Stores the value if the name is that of an id. */
  void put(String name, String value) {
    switch (name) {
      case "trace_id" -> traceId = value;
      case "run_id" -> runId = value;
      case "flow_id" -> flowId = value;
      case "step_id" -> stepId = value;
      default -> {}
    }
  }

  /** Returns the ids, each taken from the other draft if this one has none. */
  Correlation orElse(CorrelationDraft other) {
    return new Correlation(
        first(traceId, other.traceId),
        first(runId, other.runId),
        first(flowId, other.flowId),
        first(stepId, other.stepId));
  }

  private static @Nullable String first(@Nullable String one, @Nullable String other) {
    return one != null ? one : other;
  }
}
