package io.beamline.worker.connection;

import io.beamline.worker.config.NatsDeliveryProperties;
import io.beamline.worker.config.NatsDeliveryProperties.DeliveryMode;
import io.beamline.worker.config.TlsBundles;
import io.beamline.worker.config.WorkerProperties;
import io.beamline.worker.feature.FeatureFlags;
import io.beamline.worker.observability.health.HealthCheck;
import io.beamline.worker.observability.health.HealthDetail;
import io.beamline.worker.observability.health.StartCheck;
import io.beamline.worker.observability.logging.LogThrottle;
import io.beamline.worker.observability.metrics.WorkerMetrics;
import io.beamline.worker.timeout.TimeSource;
import io.nats.spring.boot.autoconfigure.NatsProperties;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;

/** Creates the beans of the connection. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(NatsProperties.class)
class ConnectionConfiguration {

  @Bean
  ConnectionFactory connectionFactory(
      NatsProperties nats,
      NatsDeliveryProperties delivery,
      TlsBundles bundles,
      WorkerProperties worker,
      LogThrottle throttle,
      TimeSource time) {
    ConnectionFactory connections =
        new ConnectionFactory(
            nats,
            bundles.named(TlsBundles.NATS, delivery.sslBundle()),
            worker,
            throttle,
            time,
            MissingPermissions.of(time, delivery.subjects()));
    connections.check();
    return connections;
  }

  @Bean
  @Order(1)
  StartCheck natsCheck(
      ConnectionFactory connections,
      NatsDeliveryProperties delivery,
      ObjectProvider<JetStreamCheck> others) {
    return new NatsCheck(connections, delivery, others.orderedStream().toList());
  }

  @Bean
  NatsSessions natsSessions(ConnectionFactory connections, NatsDeliveryProperties delivery) {
    SessionPreparation preparation =
        delivery.delivery() == DeliveryMode.CORE
            ? new CorePreparation(delivery.jetstreamDomain())
            : new JetStreamPreparation(delivery);
    return new NatsSessions(connections, preparation);
  }

  @Bean
  HealthDetail backlogDetail(
      NatsSessions sessions,
      NatsDeliveryProperties delivery,
      WorkerMetrics metrics,
      FeatureFlags flags) {
    if (delivery.delivery() == DeliveryMode.JETSTREAM) {
      metrics.watchBacklog(sessions::backlog);
    }
    return new BacklogDetail(sessions, flags);
  }

  @Bean
  HealthCheck natsHealth(NatsSessions sessions) {
    return new NatsHealth(sessions);
  }
}
