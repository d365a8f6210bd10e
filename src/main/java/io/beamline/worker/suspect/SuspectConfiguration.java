package io.beamline.worker.suspect;

import io.beamline.worker.config.NatsDeliveryProperties;
import io.beamline.worker.connection.NatsSessions;
import io.beamline.worker.observability.logging.LogThrottle;
import io.beamline.worker.observability.metrics.WorkerMetrics;
import io.beamline.worker.result.Answers;
import io.beamline.worker.timeout.TimeSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires the counts of suspects. */
@Configuration(proxyBeanMethods = false)
class SuspectConfiguration {

  @Bean
  SuspectCounts suspectCounts(
      NatsSessions sessions,
      NatsDeliveryProperties nats,
      Answers answers,
      WorkerMetrics metrics,
      LogThrottle throttle,
      TimeSource time) {
    SuspectCounts counts =
        new SuspectCounts(nats.durable(), nats.provision(), metrics, throttle, time);
    sessions.subscribe(counts);
    answers.whenSettled(counts::settled);
    return counts;
  }
}
