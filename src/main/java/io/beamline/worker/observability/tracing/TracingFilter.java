package io.beamline.worker.observability.tracing;

import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.AutoConfigurationImportFilter;
import org.springframework.boot.autoconfigure.AutoConfigurationMetadata;
import org.springframework.context.EnvironmentAware;
import org.springframework.core.env.Environment;

/**
 * Leaves out Spring Boot's configurations of tracing while no endpoint is set, so that they cost
 * nothing, and always those that the worker has no use for: spans of the actuator's own requests,
 * logs and metrics over OTLP.
 */
final class TracingFilter implements AutoConfigurationImportFilter, EnvironmentAware {

  private static final String TRACING = "org.springframework.boot.micrometer.tracing.";
  private static final String OPEN_TELEMETRY =
      "org.springframework.boot.opentelemetry.autoconfigure.";

  /** What exports spans. */
  private static final Set<String> USED =
      Set.of(
          OPEN_TELEMETRY + "OpenTelemetrySdkAutoConfiguration",
          TRACING + "opentelemetry.autoconfigure.OpenTelemetryTracingAutoConfiguration",
          TRACING + "opentelemetry.autoconfigure.otlp.OtlpTracingAutoConfiguration");

  private static final Set<String> UNUSED =
      Set.of(
          OPEN_TELEMETRY + "logging.OpenTelemetryLoggingAutoConfiguration",
          OPEN_TELEMETRY + "logging.otlp.OtlpLoggingAutoConfiguration",
          TRACING
              + "opentelemetry.autoconfigure.zipkin.ZipkinWithOpenTelemetryTracingAutoConfiguration",
          TRACING + "autoconfigure.MicrometerTracingAutoConfiguration",
          TRACING + "autoconfigure.NoopTracerAutoConfiguration",
          TRACING + "autoconfigure.prometheus.PrometheusExemplarsAutoConfiguration",
          TRACING + "autoconfigure.otlp.OtlpExemplarsAutoConfiguration");

  private @Nullable Environment environment;

  @Override
  public void setEnvironment(Environment environment) {
    this.environment = environment;
  }

  @Override
  public boolean[] match(@Nullable String[] classes, AutoConfigurationMetadata metadata) {
    return match(classes);
  }

  /**
   * Returns for each configuration whether it is kept. Spring Boot also asks for the classes that
   * these import.
   */
  boolean[] match(@Nullable String... classes) {
    boolean on = environment != null && TracingSwitch.isOn(environment);
    boolean[] matches = new boolean[classes.length];
    for (int i = 0; i < classes.length; i++) {
      String name = classes[i];
      matches[i] = name == null || !(UNUSED.contains(name) || (!on && USED.contains(name)));
    }
    return matches;
  }
}
