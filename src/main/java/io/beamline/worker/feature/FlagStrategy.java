package io.beamline.worker.feature;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.togglz.core.repository.FeatureState;
import org.togglz.core.spi.ActivationStrategy;
import org.togglz.core.user.FeatureUser;

/** A strategy that is worked out once for each state of a flag. */
interface FlagStrategy extends ActivationStrategy {

  /** The attribute of Togglz' user that names the tenant. */
  String TENANT_ATTRIBUTE = "tenant_id";

  /** For whom a state with this strategy is on; its parameters have been found valid. */
  FlagDecision decide(FeatureState state);

  /** For Togglz itself: the user's name is the id that decides. */
  @Override
  default boolean isActive(FeatureState state, @Nullable FeatureUser user) {
    return user != null
        && decide(state)
            .applies(
                ShareHash.place(user.getName()),
                Objects.toString(user.getAttribute(TENANT_ATTRIBUTE), ""));
  }
}
