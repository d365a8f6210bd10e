package io.beamline.worker.observability.metrics;

import io.beamline.worker.config.WorkerProperties;
import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Creates the worker's metrics. */
@Configuration(proxyBeanMethods = false)
class MetricsConfiguration {

  @Bean
  WorkerMetrics workerMetrics(
      MeterRegistry registry, StepTypes stepTypes, WorkerProperties settings) {
    return new WorkerMetrics(registry, stepTypes.names(), settings.metrics().tenantAllowlist());
  }

  @Bean
  QueueMetrics queueMetrics(MeterRegistry registry) {
    return new QueueMetrics(registry);
  }
}
