package io.beamline.worker.feature;

import java.util.Objects;
import org.togglz.core.repository.FeatureState;

/**
 * A flag's state with all that follows from it.
 *
 * @param state as Togglz has it; never changed once it is here
 * @param decision for whom it is on
 * @param origin where it comes from
 */
record FlagState(FeatureState state, FlagDecision decision, FlagOrigin origin) {

  /** The configured one. */
  static FlagState configured(WorkerFeature flag, boolean enabled) {
    FeatureState state = new FeatureState(flag, enabled);
    return new FlagState(state, Strategies.decide(state), FlagOrigin.CONFIGURATION);
  }

  /**
   * One that is stored.
   *
   * @throws IllegalArgumentException when it cannot be read or makes no sense, with the reason as
   *     half a sentence
   */
  static FlagState stored(WorkerFeature flag, String text, long revision, String place) {
    FlagRecord stored = FlagRecord.of(text);
    FeatureState state = new FeatureState(flag, stored.enabled());
    if (!Strategies.none(stored.strategy())) {
      state.setStrategyId(stored.strategy());
    }
    stored.parameters().forEach(state::setParameter);
    Strategies.fault(state)
        .ifPresent(
            fault -> {
              throw new IllegalArgumentException(fault);
            });
    FlagOrigin origin = new FlagOrigin(place, revision, stored.user(), stored.worker());
    return new FlagState(state, Strategies.decide(state), origin);
  }

  /** What is stored of a state that somebody chose. */
  static FlagRecord record(FeatureState state, String user, String worker) {
    String strategy = Strategies.none(state.getStrategyId()) ? null : state.getStrategyId();
    return new FlagRecord(state.isEnabled(), strategy, state.getParameterMap(), user, worker);
  }

  /** Whether the flag is on, if only for some. */
  boolean isEnabled() {
    return state.isEnabled();
  }

  /** Whether both say the same, wherever they come from. */
  boolean says(FlagState other) {
    return state.isEnabled() == other.state.isEnabled()
        && Objects.equals(state.getStrategyId(), other.state.getStrategyId())
        && state.getParameterMap().equals(other.state.getParameterMap());
  }
}
