package io.beamline.worker.config;

import io.beamline.worker.timeout.TimeSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Provides the clock of the whole worker. */
@Configuration(proxyBeanMethods = false)
class ClockConfiguration {

  @Bean
  TimeSource timeSource() {
    return TimeSource.system();
  }
}
