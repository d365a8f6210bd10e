package io.beamline.worker.feature;

import io.beamline.worker.feature.FlagStore.StoredFlag;
import java.util.EnumMap;
import java.util.LinkedHashMap;
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
 * Holds the current states of all flags. A state in the store takes precedence over the configured
 * one. Logs each change with the user who made it.
 *
 * <p>Thread-safe: each state is an atomic reference, and reading never blocks. The store calls from
 * one thread at a time.
 */
final class FlagStates implements StateRepository, FlagStoreListener {

  private static final Logger LOG = LoggerFactory.getLogger(FlagStates.class);

  private final Map<WorkerFeature, FlagState> configured = new EnumMap<>(WorkerFeature.class);
  private final Map<WorkerFeature, AtomicReference<FlagState>> states =
      new EnumMap<>(WorkerFeature.class);
  private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
  private final FlagStore store;
  private final UserProvider users;
  private final String worker;

  /**
   * Creates the states and becomes a listener of the store.
   *
   * @param initial the state of each flag at start, without a fault; a missing flag is off
   * @param worker the id of this worker, which is stored with each change
   */
  FlagStates(
      Map<WorkerFeature, FeatureState> initial,
      FlagStore store,
      UserProvider users,
      String worker) {
    for (WorkerFeature flag : WorkerFeature.values()) {
      FlagState state =
          FlagState.configured(initial.getOrDefault(flag, new FeatureState(flag, false)));
      configured.put(flag, state);
      states.put(flag, new AtomicReference<>(state));
    }
    this.store = store;
    this.users = users;
    this.worker = worker;
    store.addListener(this);
  }

  /** Returns the current state of a flag. The caller must not modify its Togglz state. */
  FlagState current(WorkerFeature flag) {
    return slot(flag).get();
  }

  /** Returns where a flag's state comes from and why it cannot be changed now, for an operator. */
  String origin(WorkerFeature flag) {
    String failure = FlagOrigin.sanitize(store.failure());
    String origin = current(flag).origin().text();
    return failure.isEmpty() ? origin : origin + " (it cannot be changed now: " + failure + ")";
  }

  /**
   * Returns what an operator should know before a change, by the names under which the console
   * shows it. No value has markup.
   */
  Map<String, String> details(WorkerFeature flag) {
    Map<String, String> details = new LinkedHashMap<>();
    details.put("Flag", flag.name());
    details.put("State from", origin(flag));
    details.put("The button", effect(flag));
    return details;
  }

  /** Returns what a press on the flag's button would do. */
  private String effect(WorkerFeature flag) {
    FeatureState state = current(flag).state();
    String change =
        state.isEnabled() ? "turns it off" : "turns it on for " + Strategies.describeScope(state);
    return FlagOrigin.sanitize(change + "; kept in " + store.source());
  }

  /** Adds a listener that is called after each change, by the thread that made it. */
  void onChange(Runnable listener) {
    listeners.add(listener);
  }

  @Override
  public FeatureState getFeatureState(Feature feature) {
    return current(WorkerFeature.valueOf(feature.name())).state().copy();
  }

  /**
   * Stores a new state for a flag, or resets the flag if the state has the reset strategy.
   *
   * @throws FlagRefusedException when the state is not valid or cannot be stored
   */
  @Override
  public void setFeatureState(FeatureState state) {
    WorkerFeature flag = WorkerFeature.valueOf(state.getFeature().name());
    if (Strategies.isReset(state)) {
      reset(flag);
      return;
    }
    Strategies.normalize(state);
    Strategies.findFault(state)
        .ifPresent(
            fault -> {
              throw FlagRefusedException.invalid(fault);
            });
    try {
      store.put(flag.name(), FlagState.record(state, user(), worker).json());
    } catch (FlagStoreException e) {
      throw FlagRefusedException.unavailable(e);
    }
  }

  /**
   * Resets a flag to its configured state.
   *
   * @throws FlagRefusedException when the reset cannot be stored
   */
  void reset(WorkerFeature flag) {
    try {
      store.delete(flag.name());
    } catch (FlagStoreException e) {
      throw FlagRefusedException.unavailable(e);
    }
  }

  @Override
  public void loaded(Map<String, StoredFlag> all) {
    StoredFlag none = new StoredFlag(null, 0);
    for (WorkerFeature flag : WorkerFeature.values()) {
      apply(flag, all.getOrDefault(flag.name(), none));
    }
  }

  @Override
  public void changed(String name, StoredFlag stored) {
    for (WorkerFeature flag : WorkerFeature.values()) {
      if (flag.name().equals(name)) {
        apply(flag, stored);
      }
    }
  }

  /** Sets a flag to its stored state. Keeps the current state if the stored one is not valid. */
  private void apply(WorkerFeature flag, StoredFlag stored) {
    FlagState next;
    try {
      next = read(flag, stored);
    } catch (IllegalArgumentException e) {
      LOG.atWarn()
          .addKeyValue("key", flag.name())
          .addKeyValue("revision", stored.revision())
          .addKeyValue("cause", e.getMessage())
          .log("Stored state of a feature flag is not valid; its last valid state is kept");
      return;
    }
    FlagState before = slot(flag).getAndSet(next);
    if (!before.isSameState(next)) {
      logChange(flag, next);
      listeners.forEach(Runnable::run);
    }
  }

  private FlagState read(WorkerFeature flag, StoredFlag stored) {
    String text = stored.text();
    return text == null
        ? Objects.requireNonNull(configured.get(flag))
        : FlagState.stored(flag, text, stored.revision(), store.source());
  }

  private AtomicReference<FlagState> slot(WorkerFeature flag) {
    return Objects.requireNonNull(states.get(flag));
  }

  /** Logs a change. Its user is in the stored state or, for a reset, known by this thread. */
  private void logChange(WorkerFeature flag, FlagState next) {
    FeatureState state = next.state();
    FlagOrigin origin = next.origin();
    String user = origin.user().isEmpty() ? user() : origin.user();
    LOG.atInfo()
        .addKeyValue("feature", flag.name())
        .addKeyValue("enabled", state.isEnabled())
        .addKeyValue("user", user.isEmpty() ? "unknown" : user)
        .addKeyValue("strategy", state.getStrategyId())
        .addKeyValue("parameters", state.getStrategyId() == null ? null : state.getParameterMap())
        .addKeyValue("source", origin.isConfiguration() ? "configuration" : origin.source())
        .addKeyValue("revision", origin.isConfiguration() ? null : origin.revision())
        .addKeyValue("changed_on", origin.worker().isEmpty() ? null : origin.worker())
        .log("Feature flag changed");
  }

  private String user() {
    FeatureUser user = users.getCurrentUser();
    return user == null ? "" : Objects.requireNonNullElse(user.getName(), "");
  }
}
