package io.beamline.worker.flagstore;

import io.beamline.worker.config.FeatureProperties;
import io.beamline.worker.config.NatsDeliveryProperties;
import io.beamline.worker.connection.NatsSessions;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;

/** Wires the shared store, where one is wanted. */
@Configuration(proxyBeanMethods = false)
@Conditional(SharedStoreWanted.class)
class FlagStoreConfiguration {

  private static final long LOOK_SECONDS = 1;

  @Bean(destroyMethod = "shutdownNow")
  ScheduledExecutorService flagStoreTimer() {
    return Executors.newSingleThreadScheduledExecutor(
        Thread.ofPlatform().daemon().name("flag-store").factory());
  }

  /** The first to hear of a session: the states must be known before assignments are taken. */
  @Bean
  FlagBucket flagBucket(
      NatsSessions sessions,
      FeatureProperties features,
      NatsDeliveryProperties nats,
      ScheduledExecutorService flagStoreTimer) {
    FlagBucket bucket = new FlagBucket(new Bucket(features.bucket(), nats.provision()));
    sessions.subscribeFirst(bucket);
    Future<?> unused =
        flagStoreTimer.scheduleWithFixedDelay(
            bucket::look, LOOK_SECONDS, LOOK_SECONDS, TimeUnit.SECONDS);
    return bucket;
  }
}
