package io.beamline.worker.feature;

import static io.beamline.worker.feature.WorkerFeature.CP2_ADVANCED_RETRY_ENABLED;
import static io.beamline.worker.feature.WorkerFeature.CP2_CANCELLATION_ENABLED;
import static io.beamline.worker.feature.WorkerFeature.CP2_CIRCUIT_BREAKER_ENABLED;
import static io.beamline.worker.feature.WorkerFeature.CP2_COMPLETE_TIMEOUT_ENABLED;
import static io.beamline.worker.feature.WorkerFeature.CP2_QUEUE_MANAGEMENT_ENABLED;

import io.beamline.worker.config.FeatureProperties.GradualBy;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Reads the flags from {@link FlagStates}. A read is one volatile read per flag. If a flag is on
 * for a share, one hash of an id comes on top, for all flags together. Allocates nothing.
 * Thread-safe: its own mutable state is one volatile reference.
 */
final class TogglzFlags implements FeatureFlags {

  private final FlagStates states;
  private final GradualBy gradualBy;
  private final long workerPosition;
  private volatile Consumer<FlagSnapshot> snapshotListener = snapshot -> {};

  /**
   * Creates the flags of one worker.
   *
   * @param gradualBy which id decides whether a flag applies to an assignment, for a share
   * @param workerId decides whether the queue flag applies, for a share
   */
  TogglzFlags(FlagStates states, GradualBy gradualBy, String workerId) {
    this.states = states;
    this.gradualBy = gradualBy;
    this.workerPosition = ShareHash.position(workerId);
  }

  @Override
  public FlagSnapshot snapshot(String assignmentId, String tenantId) {
    FlagDecision retry = states.current(CP2_ADVANCED_RETRY_ENABLED).decision();
    FlagDecision timeout = states.current(CP2_COMPLETE_TIMEOUT_ENABLED).decision();
    FlagDecision breaker = states.current(CP2_CIRCUIT_BREAKER_ENABLED).decision();
    long position =
        retry instanceof FlagDecision.Share
                || timeout instanceof FlagDecision.Share
                || breaker instanceof FlagDecision.Share
            ? position(assignmentId, tenantId)
            : 0;
    FlagSnapshot snapshot =
        FlagSnapshot.of(
            retry.applies(position, tenantId),
            timeout.applies(position, tenantId),
            breaker.applies(position, tenantId));
    snapshotListener.accept(snapshot);
    return snapshot;
  }

  /** For a share, the worker's id decides: one queue holds the assignments of all tenants. */
  @Override
  public boolean queueManagement() {
    return states.current(CP2_QUEUE_MANAGEMENT_ENABLED).decision().applies(workerPosition, "");
  }

  @Override
  public boolean cancellation(String assignmentId, String tenantId) {
    FlagDecision decision = states.current(CP2_CANCELLATION_ENABLED).decision();
    long position = decision instanceof FlagDecision.Share ? position(assignmentId, tenantId) : 0;
    return decision.applies(position, tenantId);
  }

  @Override
  public boolean cancellationInUse() {
    return states.current(CP2_CANCELLATION_ENABLED).isEnabled();
  }

  @Override
  public void onChange(Runnable listener) {
    states.onChange(listener);
  }

  @Override
  public void onSnapshot(Consumer<FlagSnapshot> listener) {
    snapshotListener = listener;
  }

  @Override
  public boolean isByTenant(String name) {
    return switch (states.current(WorkerFeature.valueOf(name)).decision()) {
      case FlagDecision.Tenants tenants -> true;
      case FlagDecision.Share share -> gradualBy == GradualBy.TENANT_ID;
      case FlagDecision.Whole whole -> false;
    };
  }

  @Override
  public List<String> enabledNames() {
    return Stream.of(WorkerFeature.values()).filter(this::enabled).map(Enum::name).toList();
  }

  private long position(String assignmentId, String tenantId) {
    return ShareHash.position(gradualBy == GradualBy.TENANT_ID ? tenantId : assignmentId);
  }

  /**
   * Returns whether a flag is on in this worker. Except for the queue flag, a flag counts as on if
   * it is on for only some assignments.
   */
  boolean enabled(WorkerFeature flag) {
    return flag == CP2_QUEUE_MANAGEMENT_ENABLED
        ? queueManagement()
        : states.current(flag).isEnabled();
  }
}
