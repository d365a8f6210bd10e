package io.beamline.worker.rollout;

import io.beamline.worker.contract.ResourcePool;
import io.beamline.worker.feature.FeatureFlags;
import io.beamline.worker.timeout.TimeSource;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.web.annotation.WebEndpoint;

/**
 * Compares the steps of this worker under the flags with those without them: {@code GET
 * /actuator/rollout}, open to everybody, because it holds numbers only. It is younger than the list
 * of contract section 9. Thread-safe.
 */
@WebEndpoint(id = "rollout")
final class RolloutEndpoint {

  private final RolloutRecorder recorder;
  private final FeatureFlags flags;
  private final Map<ResourcePool, Integer> queueLimits;
  private final TimeSource time;

  /**
   * The endpoint of a recorder.
   *
   * @param queueLimits steps that may wait in each pool under queue management
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

  /** How both sides did; times are shown by the wall clock, and measured by the monotonic one. */
  @ReadOperation
  public Map<String, Object> report() {
    Window sinceChange = recorder.sinceChange();
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("counting_since", ago(recorder.uptime().toSeconds()));
    body.put("last_change", ago(sinceChange.length().toSeconds()));
    body.put("method", RolloutReport.method());
    body.put("flags", judgements(sinceChange));
    body.put("since_change", RolloutReport.window(sinceChange));
    body.put("last_hour", RolloutReport.window(recorder.lastHour()));
    return body;
  }

  private Map<String, Object> judgements(Window window) {
    List<String> names = flags.enabledNames();
    Judge judge =
        new Judge(
            window,
            flag -> names.contains(flag.feature()),
            flag -> flags.isByTenant(flag.feature()));
    Map<String, Object> judgements = new LinkedHashMap<>();
    for (Flag flag : List.of(Flag.ADVANCED_RETRY, Flag.COMPLETE_TIMEOUT)) {
      judgements.put(flag.feature(), RolloutReport.judgement(judge.of(flag)));
    }
    judgements.put(
        Flag.QUEUE_MANAGEMENT.feature(),
        RolloutReport.queue(window, flags.queueManagement(), queueLimits));
    return judgements;
  }

  private String ago(long seconds) {
    return Instant.ofEpochMilli(time.epochMillis())
        .minusSeconds(seconds)
        .truncatedTo(ChronoUnit.SECONDS)
        .toString();
  }
}
