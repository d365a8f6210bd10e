package io.beamline.worker.feature;

import io.beamline.worker.config.FeatureProperties;
import io.beamline.worker.config.WorkerProperties;
import io.beamline.worker.observability.metrics.WorkerMetrics;
import java.util.List;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.togglz.core.activation.ActivationStrategyProvider;
import org.togglz.core.manager.FeatureManager;
import org.togglz.core.spi.ActivationStrategy;
import org.togglz.core.spi.FeatureProvider;
import org.togglz.core.user.UserProvider;
import org.togglz.spring.security.SpringSecurityUserProvider;

/** Creates the beans for the flags. */
@Configuration(proxyBeanMethods = false)
class FeatureConfiguration {

  private static final String ADMIN_AUTHORITY = "ROLE_ADMIN";

  @Bean
  FeatureProvider workerFeatures(FlagStates states) {
    return new FlagsWithOrigin(states::details);
  }

  @Bean
  UserProvider loggedInUser() {
    return new SpringSecurityUserProvider(ADMIN_AUTHORITY);
  }

  /**
   * Returns the store that the fleet shares, if there is one; else this worker keeps the states in
   * memory.
   */
  @Bean
  StoreInUse storeInUse(ObjectProvider<FlagStore> shared) {
    return new StoreInUse(shared.getIfAvailable(MemoryFlagStore::new));
  }

  /** Creates the only repository; Togglz would silently combine several. */
  @Bean
  FlagStates flagStates(
      Environment environment, StoreInUse store, UserProvider users, WorkerProperties worker) {
    return new FlagStates(InitialFlags.of(environment), store.store(), users, worker.id());
  }

  @Bean
  ActivationStrategyProvider activationStrategies() {
    List<ActivationStrategy> strategies = List.copyOf(Strategies.OFFERED);
    return () -> strategies;
  }

  @Bean
  FlagSwitch flagSwitch(FeatureManager flags, FlagStates states) {
    return new FlagSwitch(flags, states);
  }

  @Bean
  FilterRegistrationBean<ConsoleRefusalFilter> consoleRefusalFilter() {
    FilterRegistrationBean<ConsoleRefusalFilter> filter =
        new FilterRegistrationBean<>(new ConsoleRefusalFilter());
    filter.addUrlPatterns("/togglz-console/*");
    return filter;
  }

  @Bean
  FeatureFlags featureFlags(
      FlagStates states,
      FeatureProperties settings,
      WorkerProperties worker,
      WorkerMetrics metrics) {
    TogglzFlags flags = new TogglzFlags(states, settings.gradualBy(), worker.id());
    for (WorkerFeature flag : WorkerFeature.values()) {
      metrics.watchFeature(flag.name(), () -> flags.enabled(flag));
    }
    return flags;
  }
}
