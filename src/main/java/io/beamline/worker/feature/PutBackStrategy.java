package io.beamline.worker.feature;

import org.togglz.core.activation.Parameter;
import org.togglz.core.repository.FeatureState;

/**
 * What an operator chooses in the console to put a flag back to its configuration. No flag ever has
 * it: the choice itself is the order.
 */
final class PutBackStrategy implements FlagStrategy {

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
  public Parameter[] getParameters() {
    return new Parameter[0];
  }
}
