package io.beamline.worker.startup;

import io.beamline.worker.config.FeatureProperties;
import io.beamline.worker.config.FileBlockProperties;
import io.beamline.worker.config.NatsDeliveryProperties;
import io.beamline.worker.config.SqlBlockProperties;
import io.beamline.worker.config.WorkerProperties;
import io.beamline.worker.connection.NatsSessions;
import io.beamline.worker.feature.FeatureFlags;
import io.beamline.worker.result.Answers;
import io.beamline.worker.timeout.TimeSource;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.autoconfigure.web.server.ManagementServerProperties;
import org.springframework.boot.info.BuildProperties;
import org.springframework.boot.web.server.autoconfigure.ServerProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Creates the first and the last lines of the log. */
@Configuration(proxyBeanMethods = false)
class StartupConfiguration {

  @Bean
  StartLines startLines(
      WorkerProperties worker,
      NatsDeliveryProperties delivery,
      FeatureProperties features,
      FileBlockProperties files,
      SqlBlockProperties databases,
      FeatureFlags flags,
      NatsSessions sessions,
      ServerProperties main,
      ManagementServerProperties management,
      ObjectProvider<BuildProperties> build) {
    return new StartLines(
        worker,
        delivery,
        features,
        files,
        databases,
        flags,
        sessions,
        new ListenAddresses(main.getSsl(), management.getSsl()),
        build.getIfAvailable());
  }

  @Bean
  EndLine endLine(Answers answers, TimeSource time) {
    return new EndLine(answers, time);
  }
}
