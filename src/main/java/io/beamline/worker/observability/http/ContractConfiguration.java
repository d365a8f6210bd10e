package io.beamline.worker.observability.http;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Creates the endpoint of the contract. */
@Configuration(proxyBeanMethods = false)
class ContractConfiguration {

  @Bean
  ContractEndpoint contractEndpoint() {
    return new ContractEndpoint();
  }
}
