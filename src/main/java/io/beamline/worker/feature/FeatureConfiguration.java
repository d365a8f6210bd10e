package io.beamline.worker.feature;

import io.beamline.worker.observability.LogThrottle;
import io.beamline.worker.observability.WorkerMetrics;
import java.util.List;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.togglz.core.activation.ActivationStrategyProvider;
import org.togglz.core.activation.GradualActivationStrategy;
import org.togglz.core.manager.EnumBasedFeatureProvider;
import org.togglz.core.manager.FeatureManager;
import org.togglz.core.spi.ActivationStrategy;
import org.togglz.core.spi.FeatureProvider;
import org.togglz.core.user.UserProvider;
import org.togglz.spring.security.SpringSecurityUserProvider;

/** Puts the flags together. */
@Configuration(proxyBeanMethods = false)
class FeatureConfiguration {

  private static final String ADMIN_AUTHORITY = "ROLE_ADMIN";

  @Bean
  FeatureProvider workerFeatures() {
    return new EnumBasedFeatureProvider().addFeatureEnum(WorkerFeature.class);
  }

  @Bean
  UserProvider loggedInUser() {
    return new SpringSecurityUserProvider(ADMIN_AUTHORITY);
  }

  /** The only repository: several would be composed behind everybody's back. */
  @Bean
  FlagStates flagStates(Environment environment, UserProvider users) {
    return new FlagStates(InitialFlags.of(environment), users);
  }

  /** The strategies that make sense for assignments; scripts and client addresses do not. */
  @Bean
  ActivationStrategyProvider activationStrategies() {
    List<ActivationStrategy> strategies =
        List.of(new GradualActivationStrategy(), new TenantStrategy());
    return () -> strategies;
  }

  @Bean
  FlagSwitch flagSwitch(FeatureManager flags) {
    return new FlagSwitch(flags);
  }

  @Bean
  FeatureFlags featureFlags(
      FlagStates states,
      ActivationStrategyProvider strategies,
      WorkerMetrics metrics,
      LogThrottle logs) {
    TogglzFlags flags = new TogglzFlags(states, strategies, logs);
    for (WorkerFeature flag : WorkerFeature.values()) {
      metrics.watchFeature(flag.name(), () -> flags.enabled(flag));
    }
    return flags;
  }
}
