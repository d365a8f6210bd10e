package io.beamline.worker.feature;

import static io.beamline.worker.feature.WorkerFeature.CP2_ADVANCED_RETRY_ENABLED;
import static io.beamline.worker.feature.WorkerFeature.CP2_COMPLETE_TIMEOUT_ENABLED;
import static io.beamline.worker.feature.WorkerFeature.CP2_QUEUE_MANAGEMENT_ENABLED;

import java.util.List;
import java.util.stream.Stream;
import org.togglz.core.activation.ActivationStrategyProvider;
import org.togglz.core.repository.FeatureState;
import org.togglz.core.spi.ActivationStrategy;
import org.togglz.core.user.FeatureUser;
import org.togglz.core.user.SimpleFeatureUser;

/**
 * The flags by Togglz. A flag without an activation strategy costs one read of memory; only one
 * with a strategy asks more. Thread-safe.
 */
final class TogglzFlags implements FeatureFlags {

  private final FlagStates states;
  private final ActivationStrategyProvider strategies;

  TogglzFlags(FlagStates states, ActivationStrategyProvider strategies) {
    this.states = states;
    this.strategies = strategies;
  }

  @Override
  public FlagSnapshot snapshot(String assignmentId, String tenantId) {
    return FlagSnapshot.of(
        applies(CP2_ADVANCED_RETRY_ENABLED, assignmentId, tenantId),
        applies(CP2_COMPLETE_TIMEOUT_ENABLED, assignmentId, tenantId));
  }

  /** A share of the assignments or some tenants make no sense for a queue: any strategy is on. */
  @Override
  public boolean queueManagement() {
    return enabled(CP2_QUEUE_MANAGEMENT_ENABLED);
  }

  @Override
  public void onChange(Runnable listener) {
    states.onChange(listener);
  }

  @Override
  public List<String> enabledNames() {
    return Stream.of(WorkerFeature.values()).filter(this::enabled).map(Enum::name).toList();
  }

  boolean enabled(WorkerFeature flag) {
    return states.current(flag).isEnabled();
  }

  private boolean applies(WorkerFeature flag, String assignmentId, String tenantId) {
    FeatureState state = states.current(flag);
    String strategy = state.getStrategyId();
    if (!state.isEnabled() || strategy == null || strategy.isBlank()) {
      return state.isEnabled();
    }
    FeatureUser assignment =
        new SimpleFeatureUser(assignmentId).setAttribute(TenantStrategy.TENANT_ATTRIBUTE, tenantId);
    for (ActivationStrategy candidate : strategies.getActivationStrategies()) {
      if (candidate.getId().equalsIgnoreCase(strategy)) {
        return candidate.isActive(state, assignment);
      }
    }
    return false;
  }
}
