package io.beamline.worker.feature;

import static io.beamline.worker.feature.WorkerFeature.CP2_ADVANCED_RETRY_ENABLED;
import static io.beamline.worker.feature.WorkerFeature.CP2_COMPLETE_TIMEOUT_ENABLED;
import static io.beamline.worker.feature.WorkerFeature.CP2_QUEUE_MANAGEMENT_ENABLED;

import io.beamline.worker.observability.LogThrottle;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
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

  private static final Logger LOG = LoggerFactory.getLogger(TogglzFlags.class);

  private final FlagStates states;
  private final ActivationStrategyProvider strategies;
  private final LogThrottle logs;

  TogglzFlags(FlagStates states, ActivationStrategyProvider strategies, LogThrottle logs) {
    this.states = states;
    this.strategies = strategies;
    this.logs = logs;
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
    String id = state.getStrategyId();
    if (!state.isEnabled() || Strategies.none(id)) {
      return state.isEnabled();
    }
    ActivationStrategy strategy = Strategies.find(id, strategies.getActivationStrategies());
    return strategy != null && active(strategy, state, assignmentId, tenantId);
  }

  /** Whatever a strategy does, the assignment goes on: a flag that cannot be decided is off. */
  private boolean active(
      ActivationStrategy strategy, FeatureState state, String assignmentId, String tenantId) {
    FeatureUser assignment =
        new SimpleFeatureUser(assignmentId).setAttribute(TenantStrategy.TENANT_ATTRIBUTE, tenantId);
    try {
      return strategy.isActive(state, assignment);
    } catch (RuntimeException e) {
      logs.log(
          "Feature flag stays off: its strategy failed",
          suppressed ->
              LOG.atWarn()
                  .addKeyValue("feature", state.getFeature().name())
                  .addKeyValue("strategy", strategy.getId())
                  .addKeyValue("suppressed", suppressed)
                  .setCause(e)
                  .log("Feature flag stays off: its strategy failed"));
      return false;
    }
  }
}
