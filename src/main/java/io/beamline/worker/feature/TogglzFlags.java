package io.beamline.worker.feature;

import static io.beamline.worker.feature.WorkerFeature.CP2_ADVANCED_RETRY_ENABLED;
import static io.beamline.worker.feature.WorkerFeature.CP2_COMPLETE_TIMEOUT_ENABLED;
import static io.beamline.worker.feature.WorkerFeature.CP2_QUEUE_MANAGEMENT_ENABLED;

import io.beamline.worker.config.FeatureProperties.GradualBy;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * The flags by Togglz' states. A read costs one look at memory; a flag that is on for a share also
 * the place of one id, once for all flags. Allocates nothing; thread-safe.
 */
final class TogglzFlags implements FeatureFlags {

  private final FlagStates states;
  private final GradualBy gradualBy;
  private final long workerPlace;
  private volatile Consumer<FlagSnapshot> taken = snapshot -> {};

  /**
   * The flags of one worker.
   *
   * @param gradualBy whose id decides for the retry and timeout flags
   * @param workerId decides for the queue flag
   */
  TogglzFlags(FlagStates states, GradualBy gradualBy, String workerId) {
    this.states = states;
    this.gradualBy = gradualBy;
    this.workerPlace = ShareHash.place(workerId);
  }

  @Override
  public FlagSnapshot snapshot(String assignmentId, String tenantId) {
    FlagDecision retry = states.current(CP2_ADVANCED_RETRY_ENABLED).decision();
    FlagDecision timeout = states.current(CP2_COMPLETE_TIMEOUT_ENABLED).decision();
    long place =
        retry instanceof FlagDecision.Share || timeout instanceof FlagDecision.Share
            ? ShareHash.place(gradualBy == GradualBy.TENANT_ID ? tenantId : assignmentId)
            : 0;
    FlagSnapshot snapshot =
        FlagSnapshot.of(retry.applies(place, tenantId), timeout.applies(place, tenantId));
    taken.accept(snapshot);
    return snapshot;
  }

  /** A queue holds the assignments of everybody: a share is one of workers. */
  @Override
  public boolean queueManagement() {
    return states.current(CP2_QUEUE_MANAGEMENT_ENABLED).decision().applies(workerPlace, "");
  }

  @Override
  public void onChange(Runnable listener) {
    states.onChange(listener);
  }

  @Override
  public void onSnapshot(Consumer<FlagSnapshot> listener) {
    taken = listener;
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

  /**
   * Whether a flag is on in this worker: the retry and timeout flags if only for some assignments,
   * the queue flag if this worker is among those that it is on for.
   */
  boolean enabled(WorkerFeature flag) {
    return flag == CP2_QUEUE_MANAGEMENT_ENABLED
        ? queueManagement()
        : states.current(flag).isEnabled();
  }
}
