package io.beamline.worker.config;

import org.springframework.context.annotation.Configuration;

/** Refuses one port for both servers: the actuator and the main port have rules of their own. */
@Configuration(proxyBeanMethods = false)
class PortsConfiguration {

  PortsConfiguration(PortProperties.Main main, PortProperties.Management management) {
    if (main.port() == management.port() && main.port() != 0) {
      throw new UnusableSettingException(
          "management.server.port",
          String.valueOf(management.port()),
          "another port than server.port");
    }
  }
}
