package io.beamline.worker.feature;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.togglz.core.activation.Parameter;
import org.togglz.core.activation.ParameterBuilder;
import org.togglz.core.repository.FeatureState;
import org.togglz.core.spi.ActivationStrategy;
import org.togglz.core.user.FeatureUser;
import org.togglz.core.util.Strings;

/** Turns a flag on for the assignments of some tenants only. */
final class TenantStrategy implements ActivationStrategy {

  static final String ID = "tenants";
  static final String TENANTS = "tenants";
  static final String TENANT_ATTRIBUTE = "tenant_id";

  @Override
  public String getId() {
    return ID;
  }

  @Override
  public String getName() {
    return "Tenants";
  }

  @Override
  public boolean isActive(FeatureState state, @Nullable FeatureUser user) {
    String tenants = state.getParameter(TENANTS);
    return user != null
        && tenants != null
        && Strings.splitAndTrim(tenants, ",").contains(user.getAttribute(TENANT_ATTRIBUTE));
  }

  @Override
  public Parameter[] getParameters() {
    return List.of(
            ParameterBuilder.create(TENANTS)
                .label("Tenants")
                .description("The tenant ids for which the flag is on, separated by commas."))
        .toArray(Parameter[]::new);
  }
}
