package io.beamline.worker.observability.tracing;

import io.beamline.worker.config.NatsDeliveryProperties;
import io.beamline.worker.config.NatsDeliveryProperties.DeliveryMode;
import io.beamline.worker.observability.health.HealthDetail;
import io.beamline.worker.observability.metrics.SpanMeters;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.sdk.trace.SpanProcessor;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import io.prometheus.metrics.tracer.common.SpanContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.boot.micrometer.tracing.opentelemetry.autoconfigure.SpanExporters;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Condition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.core.type.AnnotatedTypeMetadata;

/** Wires tracing: what Spring Boot makes if an endpoint is set, else nothing. */
@Configuration(proxyBeanMethods = false)
class TracingConfiguration {

  private static final Logger log = LoggerFactory.getLogger(TracingConfiguration.class);

  /** Without an endpoint there is no tracer, and nobody looks for one. */
  @Configuration(proxyBeanMethods = false)
  @Conditional(EndpointIsSet.class)
  static class TracingOn {

    /** Refuses settings before the client of the endpoint does, in its own words. */
    @Bean
    static BeanFactoryPostProcessor tracingSettingsCheck(Environment environment) {
      return factory -> TracingSwitch.check(environment);
    }

    /** Counts the spans that end, so that those which no export took can be told. */
    @Bean
    SpanProcessor endedSpans(SpanMeters meters) {
      return new EndedSpans(meters);
    }

    @Bean
    SpanContext currentSpan() {
      return new CurrentSpan();
    }

    @Bean
    HealthDetail tracingDetail(SpanMeters meters) {
      return new TracingDetail(meters);
    }

    @Bean
    SpanExporters spanExporters(ObjectProvider<SpanExporter> exporters, SpanMeters meters) {
      return SpanExporters.of(
          exporters
              .orderedStream()
              .<SpanExporter>map(exporter -> new CountedExporter(exporter, meters))
              .toList());
    }

    @Bean
    Tracing tracing(Tracer tracer, NatsDeliveryProperties nats) {
      String group = nats.delivery() == DeliveryMode.JETSTREAM ? nats.durable() : nats.queueGroup();
      return new OpenTelemetryTracing(tracer, group);
    }

    @Bean
    ClientSpans clientSpans(Tracer tracer) {
      return new OpenTelemetryClientSpans(tracer);
    }
  }

  /** What stands in while tracing is off. */
  @Configuration(proxyBeanMethods = false)
  @Conditional(NoEndpointIsSet.class)
  static class TracingOff {

    @Bean
    Tracing tracing(Environment environment) {
      if (TracingSwitch.isOfOtherProtocol(environment)) {
        log.warn("Traces are off: the worker exports them by OTLP over HTTP only (http/protobuf)");
      }
      return Tracing.OFF;
    }

    @Bean
    ClientSpans clientSpans() {
      return ClientSpans.OFF;
    }
  }

  /** Matches if there is an endpoint to export spans to. */
  static final class EndpointIsSet implements Condition {
    @Override
    public boolean matches(ConditionContext context, AnnotatedTypeMetadata metadata) {
      return TracingSwitch.isOn(context.getEnvironment());
    }
  }

  /** Matches if there is none. */
  static final class NoEndpointIsSet implements Condition {
    @Override
    public boolean matches(ConditionContext context, AnnotatedTypeMetadata metadata) {
      return !TracingSwitch.isOn(context.getEnvironment());
    }
  }
}
