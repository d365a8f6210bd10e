package io.beamline.worker.execution;

import io.beamline.worker.contract.AttemptReport;
import io.beamline.worker.contract.ExecResult;
import io.beamline.worker.feature.FlagSnapshot;
import java.util.List;

/**
 * Creates the fields that CP2 flags add to the result of a step that ends now (contract section 2).
 */
final class Cp2Report {

  private Cp2Report() {}

  static ExecResult.Cp2 of(Step step, long nowNanos) {
    FlagSnapshot flags = step.flags();
    QueueOverload queue = step.queueOverload();
    boolean timed = flags.advancedRetry() || flags.completeTimeout() || flags.circuitBreaker();
    if (!timed && queue == null) {
      return ExecResult.Cp2.NOTHING;
    }
    return new ExecResult.Cp2(
        timed ? step.age(nowNanos).toMillis() : null,
        flags.advancedRetry() ? reports(step) : null,
        queue == null ? null : queue.atSubmission().queueDepth(),
        queue == null ? null : queue.now().get().status());
  }

  private static List<AttemptReport> reports(Step step) {
    List<AttemptReport> reports = step.state().history().reports();
    return reports == null ? List.of() : reports;
  }
}
