package io.beamline.worker.observability.health;

import io.beamline.worker.observability.metrics.WorkerMetrics;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.boot.health.actuate.endpoint.HealthEndpointGroupsPostProcessor;
import org.springframework.boot.health.registry.HealthContributorRegistry;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Registers every check and every detail that is a bean. */
@Configuration(proxyBeanMethods = false)
class HealthConfiguration {

  /** Runs after all beans exist: some checks depend on beans that depend on the metrics. */
  @Bean
  SmartInitializingSingleton healthChecks(
      ObjectProvider<HealthCheck> checks, HealthContributorRegistry health, WorkerMetrics metrics) {
    return () ->
        checks.forEach(
            check -> {
              CheckIndicator indicator = new CheckIndicator(check);
              health.registerContributor(check.name(), indicator);
              metrics.watchHealth(check.name(), () -> indicator.result().healthy());
            });
  }

  @Bean
  SmartInitializingSingleton healthDetails(
      ObjectProvider<HealthDetail> details, HealthContributorRegistry health) {
    return () ->
        details.forEach(
            detail -> health.registerContributor(detail.name(), new DetailIndicator(detail)));
  }

  @Bean
  HealthEndpointGroupsPostProcessor healthGroups(
      ObjectProvider<HealthCheck> checks, ObjectProvider<HealthDetail> details) {
    return new CheckGroups(checks, details);
  }
}
