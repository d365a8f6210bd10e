package io.beamline.worker.observability.metrics;

import io.beamline.worker.config.WorkerProperties;
import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;

/** Creates the worker's metrics. */
@Configuration(proxyBeanMethods = false)
class MetricsConfiguration {

  @Bean
  WorkerMetrics workerMetrics(
      MeterRegistry registry, StepTypes stepTypes, WorkerProperties settings) {
    return new WorkerMetrics(registry, stepTypes.names(), settings.metrics().tenantAllowlist());
  }

  /** Only tracing asks for it, so that it is there only while that is on. */
  @Bean
  @Lazy
  SpanMeters spanMeters(MeterRegistry registry) {
    return new SpanMeters(registry);
  }

  @Bean
  QueueMetrics queueMetrics(MeterRegistry registry) {
    return new QueueMetrics(registry);
  }
}
