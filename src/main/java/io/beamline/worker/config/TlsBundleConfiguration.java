package io.beamline.worker.config;

import org.springframework.boot.autoconfigure.ssl.SslProperties;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Makes Spring Boot's SSL bundles available to the settings that name them. */
@Configuration(proxyBeanMethods = false)
class TlsBundleConfiguration {

  @Bean
  TlsBundles tlsBundles(SslProperties settings, SslBundles bundles) {
    return new TlsBundles(settings, bundles);
  }
}
