package io.beamline.worker.intake;

import io.beamline.worker.observability.health.HealthDetail;
import io.beamline.worker.observability.metrics.WorkerMetrics;
import io.beamline.worker.timeout.TimeSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires the pause of the intake; it needs no NATS. */
@Configuration(proxyBeanMethods = false)
class PauseConfiguration {

  @Bean
  IntakePause intakePause(TimeSource time, WorkerMetrics metrics) {
    IntakePause pause = new IntakePause(time);
    metrics.watchIntakePaused(pause::isOn);
    return pause;
  }

  @Bean
  HealthDetail pauseDetail(IntakePause pause) {
    return new PauseDetail(pause);
  }

  @Bean
  IntakeEndpoint intakeEndpoint(IntakePause pause, TimeSource time) {
    return new IntakeEndpoint(pause, time);
  }
}
