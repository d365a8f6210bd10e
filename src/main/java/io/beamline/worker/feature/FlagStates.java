package io.beamline.worker.feature;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.togglz.core.Feature;
import org.togglz.core.repository.FeatureState;
import org.togglz.core.repository.StateRepository;
import org.togglz.core.user.FeatureUser;
import org.togglz.core.user.UserProvider;

/**
 * The one repository of flag states: in memory, so each worker has its own, and a restart goes back
 * to the configured state. A change is logged with who made it. Thread-safe.
 */
final class FlagStates implements StateRepository {

  private static final Logger LOG = LoggerFactory.getLogger(FlagStates.class);

  private final Map<WorkerFeature, AtomicReference<FeatureState>> states =
      new EnumMap<>(WorkerFeature.class);
  private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
  private final UserProvider users;

  /** Starts with the given flags on, all others off. */
  FlagStates(Map<WorkerFeature, Boolean> initial, UserProvider users) {
    for (WorkerFeature flag : WorkerFeature.values()) {
      FeatureState state = new FeatureState(flag, initial.getOrDefault(flag, false));
      states.put(flag, new AtomicReference<>(state));
    }
    this.users = users;
  }

  /** The state itself, for reading only: it is never changed once it is here. */
  FeatureState current(WorkerFeature flag) {
    return slot(flag).get();
  }

  /** Calls back after each change. */
  void onChange(Runnable listener) {
    listeners.add(listener);
  }

  @Override
  public FeatureState getFeatureState(Feature feature) {
    return current(WorkerFeature.valueOf(feature.name())).copy();
  }

  @Override
  public void setFeatureState(FeatureState state) {
    WorkerFeature flag = WorkerFeature.valueOf(state.getFeature().name());
    FeatureState before = slot(flag).getAndSet(state.copy());
    if (!same(before, state)) {
      report(flag, state);
      listeners.forEach(Runnable::run);
    }
  }

  private AtomicReference<FeatureState> slot(WorkerFeature flag) {
    return Objects.requireNonNull(states.get(flag));
  }

  private static boolean same(FeatureState before, FeatureState after) {
    return before.isEnabled() == after.isEnabled()
        && Objects.equals(before.getStrategyId(), after.getStrategyId())
        && before.getParameterMap().equals(after.getParameterMap());
  }

  private void report(WorkerFeature flag, FeatureState state) {
    FeatureUser user = users.getCurrentUser();
    LOG.atInfo()
        .addKeyValue("feature", flag.name())
        .addKeyValue("enabled", state.isEnabled())
        .addKeyValue("user", user == null ? "unknown" : user.getName())
        .addKeyValue("strategy", state.getStrategyId())
        .addKeyValue("parameters", state.getStrategyId() == null ? null : state.getParameterMap())
        .log("Feature flag changed");
  }
}
