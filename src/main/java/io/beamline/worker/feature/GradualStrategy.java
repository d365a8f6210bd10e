package io.beamline.worker.feature;

import java.util.Objects;
import org.togglz.core.activation.Parameter;
import org.togglz.core.repository.FeatureState;

/**
 * Turns a flag on for a share of the assignments, or of the workers. Unlike Togglz' own strategy of
 * this id it leaves the flag's name out, so that flags of one percentage are on for the same ones.
 */
final class GradualStrategy implements FlagStrategy {

  static final String ID = "gradual";
  static final String PERCENTAGE = "percentage";

  @Override
  public String getId() {
    return ID;
  }

  @Override
  public String getName() {
    return "Gradual rollout";
  }

  @Override
  public FlagDecision decide(FeatureState state) {
    String percentage = Objects.requireNonNull(state.getParameter(PERCENTAGE));
    return FlagDecision.Share.ofPercent(Double.parseDouble(percentage.strip()));
  }

  @Override
  public Parameter[] getParameters() {
    return new Parameter[] {new PercentageParameter(PERCENTAGE)};
  }
}
