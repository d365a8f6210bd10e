package io.beamline.worker.observability.metrics;

import io.beamline.worker.contract.ErrorCode;
import io.beamline.worker.contract.StepStatus;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The meters of one step type. All are registered at start. Thread-safe. */
final class StepMeters {

  private final Map<StepStatus, StatusMeters> cp1 = new EnumMap<>(StepStatus.class);
  private final Map<StepStatus, StatusMeters> cp2 = new EnumMap<>(StepStatus.class);
  private final Map<ErrorCode, Counter> errors = new EnumMap<>(ErrorCode.class);

  StepMeters(Meters meters, String stepType, List<String> tenants) {
    for (StepStatus status : StepStatus.values()) {
      cp1.put(status, StatusMeters.of(meters, tenants, labels(stepType, status, "cp1")));
      cp2.put(status, StatusMeters.of(meters, tenants, labels(stepType, status, "cp2")));
    }
    for (ErrorCode code : ErrorCode.values()) {
      errors.put(code, error(meters, stepType, code.name()));
    }
  }

  void ended(
      StepStatus status,
      boolean withCp2,
      Duration duration,
      @Nullable ErrorCode error,
      String tenantId) {
    StatusMeters outcome = (withCp2 ? cp2 : cp1).get(status);
    if (outcome != null) {
      outcome.executions.increment(tenantId);
      outcome.duration.record(duration);
    }
    Counter counter = error == null ? null : errors.get(error);
    if (counter != null) {
      counter.increment();
    }
  }

  private static String[] labels(String stepType, StepStatus status, String phase) {
    return new String[] {
      "step_type", stepType, "execution_status", status.wireName(), "cp_phase", phase
    };
  }

  private static Counter error(Meters meters, String stepType, String code) {
    return meters.counter(
        "worker.step.errors", "Results with an error", "step_type", stepType, "error_code", code);
  }

  /** The meters of one status and phase. */
  private record StatusMeters(TenantCounters executions, Timer duration) {

    static StatusMeters of(Meters meters, List<String> tenants, String... labels) {
      return new StatusMeters(
          new TenantCounters(
              tenants,
              tenant ->
                  meters.counter(
                      "worker.step.executions", "Steps that ended", join(labels, tenant))),
          meters.timer("worker.step.execution.duration", "How long a step ran", labels));
    }

    private static String[] join(String[] first, String[] second) {
      return Stream.of(first, second).flatMap(Stream::of).toArray(String[]::new);
    }
  }
}
