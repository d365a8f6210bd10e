package io.beamline.worker.feature;

import org.togglz.core.activation.Parameter;
import org.togglz.core.repository.FeatureState;

/**
 * Resets a flag to its configured state when an operator chooses it in the console. It is never
 * stored, so no flag ever has it.
 */
final class ResetStrategy implements FlagStrategy {

  static final String ID = "configuration";

  @Override
  public String getId() {
    return ID;
  }

  @Override
  public String getName() {
    return "Put back to configuration";
  }

  @Override
  public FlagDecision decide(FeatureState state) {
    return FlagDecision.NEVER;
  }

  @Override
  public String rule() {
    return "";
  }

  @Override
  public Parameter[] getParameters() {
    return new Parameter[0];
  }
}
