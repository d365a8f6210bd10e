package io.beamline.worker.observability;

import io.beamline.worker.config.NatsDeliveryProperties;
import io.beamline.worker.config.WorkerProperties;
import io.beamline.worker.timeout.TimeSource;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.concurrent.Future;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.boot.health.actuate.endpoint.HealthEndpointGroupsPostProcessor;
import org.springframework.boot.health.registry.HealthContributorRegistry;
import org.springframework.boot.info.BuildProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.scheduling.concurrent.ThreadPoolTaskScheduler;

/** Puts meters and health together. */
@Configuration(proxyBeanMethods = false)
class ObservabilityConfiguration {

  @Bean
  WorkerMetrics workerMetrics(
      MeterRegistry registry, StepTypes stepTypes, WorkerProperties settings) {
    return new WorkerMetrics(registry, stepTypes.names(), settings.metrics().tenantAllowlist());
  }

  @Bean
  QueueMetrics queueMetrics(MeterRegistry registry) {
    return new QueueMetrics(registry);
  }

  /** Once all checks are there: they may depend on beans that depend on the metrics. */
  @Bean
  SmartInitializingSingleton healthChecks(
      ObjectProvider<HealthCheck> checks, HealthContributorRegistry health, WorkerMetrics metrics) {
    return () ->
        checks.forEach(
            check -> {
              CheckIndicator indicator = new CheckIndicator(check);
              health.registerContributor(check.name(), indicator);
              metrics.watchHealth(check.name(), () -> indicator.verdict().healthy());
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

  /** One line of a kind per second. */
  @Bean(destroyMethod = "flush")
  LogThrottle logThrottle(TimeSource time) {
    return new LogThrottle(time, Duration.ofSeconds(1));
  }

  @Bean
  ThreadPoolTaskScheduler logTimer(LogThrottle throttle) {
    return PeriodicTasks.scheduler("log-timer-", 1, throttle);
  }

  @Bean
  SmartInitializingSingleton logFlush(ThreadPoolTaskScheduler logTimer, LogThrottle throttle) {
    return () -> {
      Future<?> unused = logTimer.scheduleWithFixedDelay(throttle::flush, Duration.ofSeconds(10));
    };
  }

  @Bean
  StartupLine startupLine(
      WorkerProperties settings,
      NatsDeliveryProperties delivery,
      ObjectProvider<BuildProperties> build) {
    return new StartupLine(settings, delivery, build.getIfAvailable());
  }
}
