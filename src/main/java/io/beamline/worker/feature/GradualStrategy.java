package io.beamline.worker.feature;

import java.util.Objects;
import org.togglz.core.activation.Parameter;
import org.togglz.core.repository.FeatureState;

/**
 * Turns a flag on for a share of the assignments, or of the workers. Flags with the same percentage
 * are on for the same assignments. Togglz' own strategy of this id differs: it also hashes the
 * flag's name.
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
