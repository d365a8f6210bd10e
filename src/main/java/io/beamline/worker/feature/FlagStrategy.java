package io.beamline.worker.feature;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.togglz.core.repository.FeatureState;
import org.togglz.core.spi.ActivationStrategy;
import org.togglz.core.user.FeatureUser;

/** A Togglz strategy that makes one {@link FlagDecision} per state of a flag. */
interface FlagStrategy extends ActivationStrategy {

  /** The attribute of the Togglz user that holds the tenant's id. */
  String TENANT_ATTRIBUTE = "tenant_id";

  /**
   * Returns for which assignments a state with this strategy is on.
   *
   * @param state a state whose parameters are valid
   */
  FlagDecision decide(FeatureState state);

  /** Returns what its parameter must be; a part of a sentence. Empty if it has none. */
  String rule();

  /** Returns a value of its parameter as it is stored. */
  default String normalize(String value) {
    return value.strip();
  }

  /** Returns the decision for a Togglz user, whose name is used as the deciding id. */
  @Override
  default boolean isActive(FeatureState state, @Nullable FeatureUser user) {
    return user != null
        && decide(state)
            .applies(
                ShareHash.position(user.getName()),
                Objects.toString(user.getAttribute(TENANT_ATTRIBUTE), ""));
  }
}
