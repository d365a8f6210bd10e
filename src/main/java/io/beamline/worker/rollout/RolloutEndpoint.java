package io.beamline.worker.rollout;

import io.beamline.worker.contract.ResourcePool;
import io.beamline.worker.feature.FeatureFlags;
import io.beamline.worker.feature.WorkerFeature;
import io.beamline.worker.timeout.TimeSource;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.web.annotation.WebEndpoint;

/**
 * Answers {@code GET /actuator/rollout} (contract section 9): compares the steps of this worker
 * with and without each flag. It needs no login, because it shows numbers only. Thread-safe: each
 * request reads a window of its own.
 */
@WebEndpoint(id = "rollout")
public final class RolloutEndpoint {

  private final RolloutRecorder recorder;
  private final FeatureFlags flags;
  private final Map<ResourcePool, Integer> queueLimits;
  private final TimeSource time;

  /**
   * Reports what a recorder counts.
   *
   * @param queueLimits maximum queue length of each pool under queue management
   */
  RolloutEndpoint(
      RolloutRecorder recorder,
      FeatureFlags flags,
      Map<ResourcePool, Integer> queueLimits,
      TimeSource time) {
    this.recorder = recorder;
    this.flags = flags;
    this.queueLimits = queueLimits;
    this.time = time;
  }

  /**
   * Returns the report. Periods are measured by the monotonic clock and shown as wall-clock times.
   */
  @ReadOperation
  public Map<String, Object> report() {
    Window sinceChange = recorder.sinceChange();
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("counting_since", ago(recorder.uptime().toSeconds()));
    body.put("last_change", ago(sinceChange.length().toSeconds()));
    body.put("method", RolloutReport.method());
    body.put("flags", evaluations(sinceChange));
    body.put("since_change", RolloutReport.window(sinceChange));
    body.put("last_hour", RolloutReport.window(recorder.lastHour()));
    return body;
  }

  private Map<String, Object> evaluations(Window window) {
    List<String> names = flags.enabledNames();
    FlagEvaluator evaluator =
        new FlagEvaluator(
            window,
            flag -> names.contains(flag.feature()),
            flag -> flags.isByTenant(flag.feature()));
    Map<String, Object> evaluations = new LinkedHashMap<>();
    for (Flag flag : FlagEvaluator.BY_ASSIGNMENT) {
      evaluations.put(flag.feature(), RolloutReport.evaluation(evaluator.evaluate(flag)));
    }
    evaluations.put(
        Flag.QUEUE_MANAGEMENT.feature(),
        RolloutReport.queue(window, flags.queueManagement(), queueLimits));
    evaluations.put(
        WorkerFeature.CP2_CANCELLATION_ENABLED.name(),
        RolloutReport.cancellation(window, flags.cancellationInUse()));
    return evaluations;
  }

  private String ago(long seconds) {
    return Instant.ofEpochMilli(time.epochMillis())
        .minusSeconds(seconds)
        .truncatedTo(ChronoUnit.SECONDS)
        .toString();
  }
}
