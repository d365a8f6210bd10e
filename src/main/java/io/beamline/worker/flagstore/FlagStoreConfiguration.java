package io.beamline.worker.flagstore;

import io.beamline.worker.config.FeatureProperties;
import io.beamline.worker.config.NatsDeliveryProperties;
import io.beamline.worker.connection.NatsSessions;
import io.beamline.worker.observability.logging.LogThrottle;
import io.beamline.worker.observability.logging.PeriodicTasks;
import java.time.Duration;
import java.util.concurrent.Future;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.scheduling.concurrent.ThreadPoolTaskScheduler;

/** Wires the shared store, where one is wanted. */
@Configuration(proxyBeanMethods = false)
@Conditional(SharedStoreWanted.class)
class FlagStoreConfiguration {

  private static final Duration LOOK_EACH = Duration.ofSeconds(1);

  @Bean
  ThreadPoolTaskScheduler flagStoreTimer(LogThrottle throttle) {
    return PeriodicTasks.scheduler("flag-store-", 1, throttle);
  }

  /** The first to hear of a session: the states must be known before assignments are taken. */
  @Bean
  FlagBucket flagBucket(
      NatsSessions sessions,
      FeatureProperties features,
      NatsDeliveryProperties nats,
      ThreadPoolTaskScheduler flagStoreTimer) {
    FlagBucket bucket = new FlagBucket(new Bucket(features.bucket(), nats.provision()));
    sessions.subscribeFirst(bucket);
    Future<?> unused = flagStoreTimer.scheduleWithFixedDelay(bucket::look, LOOK_EACH);
    return bucket;
  }
}
