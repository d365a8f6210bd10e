package io.beamline.worker.config;

import io.beamline.worker.timeout.TimeSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The clock that everything looks at. */
@Configuration(proxyBeanMethods = false)
class ClockConfiguration {

  @Bean
  TimeSource timeSource() {
    return TimeSource.system();
  }
}
