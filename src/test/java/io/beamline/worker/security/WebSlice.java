package io.beamline.worker.security;

import io.beamline.worker.observability.health.HealthCheck;
import io.beamline.worker.observability.health.HealthCheck.HealthResult;
import io.beamline.worker.observability.health.HealthCheck.Probe;
import io.beamline.worker.observability.metrics.StepTypes;
import io.nats.spring.boot.autoconfigure.NatsAutoConfiguration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.annotation.ComponentScan.Filter;
import org.springframework.context.annotation.FilterType;

/**
 * The worker without NATS: flags, metrics, health, the pause, and both ports. No stereotype stands
 * here, or the demo, which has the tests on its class path, would find this configuration.
 */
@EnableAutoConfiguration(exclude = NatsAutoConfiguration.class)
@ComponentScan({
  "io.beamline.worker.config",
  "io.beamline.worker.feature",
  "io.beamline.worker.observability",
  "io.beamline.worker.rollout",
  "io.beamline.worker.security"
})
@ComponentScan(
    basePackages = "io.beamline.worker.intake",
    useDefaultFilters = false,
    includeFilters = @Filter(type = FilterType.REGEX, pattern = ".*\\.PauseConfiguration"))
@ConfigurationPropertiesScan("io.beamline.worker.config")
class WebSlice {

  @Bean
  StepTypes stepTypes() {
    return new StepTypes(List.of("http.request", "echo"));
  }

  @Bean
  Switch intake() {
    return new Switch("intake", Probe.LIVENESS);
  }

  @Bean
  Switch nats() {
    return new Switch("nats", Probe.READINESS);
  }

  /** A check that the test turns. */
  record Switch(String name, Probe probe, AtomicBoolean healthy) implements HealthCheck {

    Switch(String name, Probe probe) {
      this(name, probe, new AtomicBoolean(true));
    }

    @Override
    public HealthResult check() {
      return new HealthResult(
          healthy.get(), Map.of("seen", "yes", "server", "nats://u:hidden@h", "token", "hidden"));
    }
  }
}
