package io.beamline.worker.flagstore;

import io.beamline.worker.config.FeatureProperties;
import io.beamline.worker.config.NatsDeliveryProperties;
import io.beamline.worker.connection.JetStreamCheck;
import io.beamline.worker.connection.NatsSessions;
import io.beamline.worker.observability.logging.LogThrottle;
import io.beamline.worker.observability.logging.PeriodicTasks;
import java.time.Duration;
import java.util.concurrent.Future;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.scheduling.concurrent.ThreadPoolTaskScheduler;

/** Creates the shared store, if the settings ask for it. */
@Configuration(proxyBeanMethods = false)
@Conditional(SharedStoreCondition.class)
class FlagStoreConfiguration {

  private static final Duration POLL_INTERVAL = Duration.ofSeconds(1);

  @Bean
  ThreadPoolTaskScheduler flagStoreTimer(LogThrottle throttle) {
    return PeriodicTasks.scheduler("flag-store-", 1, throttle);
  }

  /** Subscribes as the first listener: the states must be known before assignments are pulled. */
  @Bean
  SharedFlagStore sharedFlagStore(
      NatsSessions sessions,
      FeatureProperties features,
      NatsDeliveryProperties nats,
      ThreadPoolTaskScheduler flagStoreTimer) {
    SharedFlagStore store = new SharedFlagStore(new Bucket(features.bucket(), nats.provision()));
    sessions.subscribeFirst(store);
    Future<?> unused = flagStoreTimer.scheduleWithFixedDelay(store::poll, POLL_INTERVAL);
    return store;
  }

  @Bean
  JetStreamCheck flagBucketCheck(FeatureProperties features, NatsDeliveryProperties nats) {
    return new FlagBucketCheck(new Bucket(features.bucket(), nats.provision()));
  }
}
