package io.beamline.worker.config;

import org.springframework.boot.LazyInitializationExcludeFilter;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.validation.Validator;

/** Binds the settings, and creates what checks them. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({
  DestinationProperties.class,
  FeatureProperties.class,
  FileBlockProperties.class,
  HttpBlockProperties.class,
  NatsBlockProperties.class,
  NatsDeliveryProperties.class,
  PoolProperties.class,
  PortProperties.Main.class,
  PortProperties.Management.class,
  QueueProperties.class,
  RetryProperties.class,
  SqlBlockProperties.class,
  TimeoutProperties.class,
  WorkerProperties.class
})
class SettingsConfiguration {

  /** Creates the validator that Spring Boot looks for by its name. Static: it comes before all. */
  @Bean(EnableConfigurationProperties.VALIDATOR_BEAN_NAME)
  static Validator settingsValidator() {
    return new SettingsValidator();
  }

  @Bean
  static LazyInitializationExcludeFilter ownBeansAtOnce() {
    return new OwnBeansAtOnce();
  }
}
