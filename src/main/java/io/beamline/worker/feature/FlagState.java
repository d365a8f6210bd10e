package io.beamline.worker.feature;

import java.util.Objects;
import org.togglz.core.repository.FeatureState;

/**
 * A flag's state, with the decision that is computed from it.
 *
 * @param state the state for Togglz; must not be modified
 * @param decision for which assignments the flag is on
 * @param origin where the state comes from
 */
record FlagState(FeatureState state, FlagDecision decision, FlagOrigin origin) {

  /**
   * Returns the state at start.
   *
   * @param state a state without a fault, which nobody modifies any more
   */
  static FlagState configured(FeatureState state) {
    return new FlagState(state, Strategies.decide(state), FlagOrigin.CONFIGURATION);
  }

  /**
   * Reads a stored state.
   *
   * @param text the state as {@link #record} wrote it
   * @param source where it is stored, from {@link FlagStore#source}
   * @throws IllegalArgumentException when the text is no valid state; the message is a part of a
   *     sentence
   */
  static FlagState stored(WorkerFeature flag, String text, long revision, String source) {
    FlagRecord stored = FlagRecord.of(text);
    FeatureState state = new FeatureState(flag, stored.enabled());
    if (!Strategies.isNone(stored.strategy())) {
      state.setStrategyId(stored.strategy());
    }
    stored.parameters().forEach(state::setParameter);
    Strategies.normalize(state);
    Strategies.findFault(state)
        .ifPresent(
            fault -> {
              throw new IllegalArgumentException(fault);
            });
    FlagOrigin origin = new FlagOrigin(source, revision, stored.user(), stored.worker());
    return new FlagState(state, Strategies.decide(state), origin);
  }

  /**
   * Returns the record to store for a state.
   *
   * @param user who chose the state; empty when unknown
   * @param worker the id of this worker
   */
  static FlagRecord record(FeatureState state, String user, String worker) {
    String strategy = Strategies.isNone(state.getStrategyId()) ? null : state.getStrategyId();
    return new FlagRecord(state.isEnabled(), strategy, state.getParameterMap(), user, worker);
  }

  /** Returns whether the flag is on, perhaps for only some assignments. */
  boolean isEnabled() {
    return state.isEnabled();
  }

  /** Returns whether both states are the same, apart from their origins. */
  boolean isSameState(FlagState other) {
    return state.isEnabled() == other.state.isEnabled()
        && Objects.equals(state.getStrategyId(), other.state.getStrategyId())
        && state.getParameterMap().equals(other.state.getParameterMap());
  }
}
