package io.beamline.worker.feature;

import io.beamline.worker.feature.FlagStore.Stored;
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
 * The one repository of flag states: the configured ones, and over them what the store holds. A
 * change is logged with who made it. Reading never blocks. Thread-safe.
 */
final class FlagStates implements StateRepository, FlagStore.Listener {

  private static final Logger LOG = LoggerFactory.getLogger(FlagStates.class);

  private final Map<WorkerFeature, FlagState> configured = new EnumMap<>(WorkerFeature.class);
  private final Map<WorkerFeature, AtomicReference<FlagState>> states =
      new EnumMap<>(WorkerFeature.class);
  private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
  private final FlagStore store;
  private final UserProvider users;
  private final String worker;

  /** Starts with the given flags on, all others off, and follows the store from now on. */
  FlagStates(
      Map<WorkerFeature, Boolean> initial, FlagStore store, UserProvider users, String worker) {
    for (WorkerFeature flag : WorkerFeature.values()) {
      FlagState state = FlagState.configured(flag, initial.getOrDefault(flag, false));
      configured.put(flag, state);
      states.put(flag, new AtomicReference<>(state));
    }
    this.store = store;
    this.users = users;
    this.worker = worker;
    store.follow(this);
  }

  /** The state, for reading only. */
  FlagState current(WorkerFeature flag) {
    return slot(flag).get();
  }

  /** Where the state comes from and whether it can be changed, for a person. */
  String origin(WorkerFeature flag) {
    String trouble = FlagOrigin.harmless(store.trouble());
    String origin = current(flag).origin().text();
    return trouble.isEmpty() ? origin : origin + " (it cannot be changed now: " + trouble + ")";
  }

  /** Calls back after each change. */
  void onChange(Runnable listener) {
    listeners.add(listener);
  }

  @Override
  public FeatureState getFeatureState(Feature feature) {
    return current(WorkerFeature.valueOf(feature.name())).state().copy();
  }

  /**
   * Changes a flag.
   *
   * @throws FlagRefusedException when the state makes no sense or cannot be stored
   */
  @Override
  public void setFeatureState(FeatureState state) {
    WorkerFeature flag = WorkerFeature.valueOf(state.getFeature().name());
    if (Strategies.putsBack(state)) {
      putBack(flag);
      return;
    }
    Strategies.fault(state)
        .ifPresent(
            fault -> {
              throw FlagRefusedException.wrong(fault);
            });
    try {
      store.put(flag.name(), FlagState.record(state, user(), worker).json());
    } catch (FlagStoreException e) {
      throw FlagRefusedException.unavailable(e);
    }
  }

  /**
   * Puts a flag back to its configuration.
   *
   * @throws FlagRefusedException when that cannot be stored
   */
  void putBack(WorkerFeature flag) {
    try {
      store.delete(flag.name());
    } catch (FlagStoreException e) {
      throw FlagRefusedException.unavailable(e);
    }
  }

  @Override
  public void loaded(Map<String, Stored> all) {
    Stored nothing = new Stored(null, 0);
    for (WorkerFeature flag : WorkerFeature.values()) {
      apply(flag, all.getOrDefault(flag.name(), nothing));
    }
  }

  @Override
  public void changed(String name, Stored stored) {
    for (WorkerFeature flag : WorkerFeature.values()) {
      if (flag.name().equals(name)) {
        apply(flag, stored);
      }
    }
  }

  /** What cannot be read changes nothing. */
  private void apply(WorkerFeature flag, Stored stored) {
    FlagState next;
    try {
      next = read(flag, stored);
    } catch (IllegalArgumentException e) {
      LOG.atWarn()
          .addKeyValue("key", flag.name())
          .addKeyValue("revision", stored.revision())
          .addKeyValue("cause", e.getMessage())
          .log("A flag's stored state cannot be used; the last good one holds");
      return;
    }
    FlagState before = slot(flag).getAndSet(next);
    if (!before.says(next)) {
      report(flag, next);
      listeners.forEach(Runnable::run);
    }
  }

  private FlagState read(WorkerFeature flag, Stored stored) {
    String text = stored.text();
    return text == null
        ? Objects.requireNonNull(configured.get(flag))
        : FlagState.stored(flag, text, stored.revision(), store.place());
  }

  private AtomicReference<FlagState> slot(WorkerFeature flag) {
    return Objects.requireNonNull(states.get(flag));
  }

  /** Whoever changes it is known by the thread, others by what is stored. */
  private void report(WorkerFeature flag, FlagState next) {
    FeatureState state = next.state();
    FlagOrigin origin = next.origin();
    String user = origin.user().isEmpty() ? user() : origin.user();
    LOG.atInfo()
        .addKeyValue("feature", flag.name())
        .addKeyValue("enabled", state.isEnabled())
        .addKeyValue("user", user.isEmpty() ? "unknown" : user)
        .addKeyValue("strategy", state.getStrategyId())
        .addKeyValue("parameters", state.getStrategyId() == null ? null : state.getParameterMap())
        .addKeyValue("source", origin.isConfiguration() ? "configuration" : origin.place())
        .addKeyValue("revision", origin.isConfiguration() ? null : origin.revision())
        .addKeyValue("changed_on", origin.worker().isEmpty() ? null : origin.worker())
        .log("Feature flag changed");
  }

  private String user() {
    FeatureUser user = users.getCurrentUser();
    return user == null ? "" : Objects.requireNonNullElse(user.getName(), "");
  }
}
