package io.beamline.worker.config;

import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Role;
import org.springframework.core.env.Environment;

/** Reads the step types of the settings. */
@Configuration(proxyBeanMethods = false)
class StepTypeConfiguration {

  @Bean
  @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
  static ConfiguredTypes configuredTypes(Environment environment) {
    return StepTypeSettings.read(environment);
  }
}
