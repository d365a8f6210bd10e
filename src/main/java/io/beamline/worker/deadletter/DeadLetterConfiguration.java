package io.beamline.worker.deadletter;

import io.beamline.worker.config.NatsDeliveryProperties;
import io.beamline.worker.config.TlsBundles;
import io.beamline.worker.config.WorkerProperties;
import io.beamline.worker.timeout.TimeSource;
import io.nats.spring.boot.autoconfigure.NatsProperties;
import java.time.Duration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires the endpoint for dead letters. The commands need none of it. */
@Configuration(proxyBeanMethods = false)
class DeadLetterConfiguration {

  /** Together less than the 15 s after which the port ends a connection. */
  private static final LetterRequests.Limits LIMITS =
      new LetterRequests.Limits(
          Duration.ofSeconds(2), Duration.ofSeconds(8), Duration.ofSeconds(12));

  @Bean
  DeadLettersEndpoint deadLettersEndpoint(
      NatsProperties nats,
      NatsDeliveryProperties delivery,
      WorkerProperties worker,
      TlsBundles bundles,
      TimeSource time) {
    LetterRequests.Settings settings =
        new LetterRequests.Settings(
            nats, delivery, worker, bundles.named(TlsBundles.NATS, delivery.sslBundle()));
    return new DeadLettersEndpoint(new LetterRequests(settings, time, LIMITS), time);
  }
}
