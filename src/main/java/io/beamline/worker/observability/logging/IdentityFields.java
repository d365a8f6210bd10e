package io.beamline.worker.observability.logging;

import io.beamline.worker.contract.AssignmentIdentity;
import io.beamline.worker.contract.Correlation;
import org.jspecify.annotations.Nullable;
import org.slf4j.spi.LoggingEventBuilder;

/** Adds the ids of an assignment to a log line (contract section 11). */
public final class IdentityFields {

  private IdentityFields() {}

  /**
   * Adds {@code tenant_id}, {@code run_id}, {@code flow_id}, {@code step_id}, {@code trace_id} and
   * {@code assignment_id}, each if it is known.
   *
   * @return the same line
   */
  public static LoggingEventBuilder add(LoggingEventBuilder line, AssignmentIdentity identity) {
    Correlation ids = identity.correlation();
    put(line, "tenant_id", identity.tenantId());
    put(line, "run_id", ids.runId());
    put(line, "flow_id", ids.flowId());
    put(line, "step_id", ids.stepId());
    put(line, "trace_id", ids.traceId());
    put(line, "assignment_id", identity.assignmentId());
    return line;
  }

  private static void put(LoggingEventBuilder line, String name, @Nullable String value) {
    if (value != null) {
      LoggingEventBuilder unused = line.addKeyValue(name, value);
    }
  }
}
