package io.beamline.worker.feature;

import java.util.Objects;
import java.util.Set;
import org.togglz.core.activation.Parameter;
import org.togglz.core.activation.ParameterBuilder;
import org.togglz.core.repository.FeatureState;
import org.togglz.core.util.Strings;

/** Turns a flag on for the assignments of some tenants. */
final class TenantStrategy implements FlagStrategy {

  static final String ID = "tenants";
  static final String TENANTS = "tenants";

  @Override
  public String getId() {
    return ID;
  }

  @Override
  public String getName() {
    return "Tenants";
  }

  @Override
  public FlagDecision decide(FeatureState state) {
    String tenants = Objects.requireNonNull(state.getParameter(TENANTS));
    return new FlagDecision.Tenants(Set.copyOf(Strings.splitAndTrim(tenants, ",")));
  }

  @Override
  public String rule() {
    return "ids of tenants, separated by commas, without < > and quotation marks";
  }

  /** Excludes characters that could be markup: the console does not escape parameters. */
  @Override
  public Parameter[] getParameters() {
    return new Parameter[] {
      ParameterBuilder.create(TENANTS)
          .label("Tenants")
          .description("The tenant ids for which the flag is on, separated by commas.")
          .matching("[^<>\"]+")
    };
  }
}
