package io.beamline.worker.config;

import org.springframework.context.annotation.Configuration;

/** Stops the start if both servers have the same port: their access rules differ. */
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
