package io.beamline.worker.observability.http;

import org.springframework.boot.actuate.endpoint.invoke.OperationInvokerAdvisor;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Creates what all endpoints of the worker share. */
@Configuration(proxyBeanMethods = false)
class EndpointConfiguration {

  @Bean
  OperationInvokerAdvisor argumentCheck() {
    return new ArgumentCheck();
  }
}
