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
    return FlagDecision.Share.ofPercent(Double.parseDouble(normalize(percentage)));
  }

  @Override
  public String rule() {
    return "a number from 0 to 100, such as 10 or 0.5";
  }

  /** Workers before this one read no percent sign. */
  @Override
  public String normalize(String value) {
    return PercentageParameter.withoutSign(value);
  }

  @Override
  public Parameter[] getParameters() {
    return new Parameter[] {new PercentageParameter(PERCENTAGE)};
  }
}
