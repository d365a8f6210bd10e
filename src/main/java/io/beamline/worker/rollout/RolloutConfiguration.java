package io.beamline.worker.rollout;

import io.beamline.worker.config.PoolProperties;
import io.beamline.worker.contract.ResourcePool;
import io.beamline.worker.feature.FeatureFlags;
import io.beamline.worker.observability.metrics.StepTypes;
import io.beamline.worker.timeout.TimeSource;
import java.util.Map;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires the comparison of both sides of a rollout. */
@Configuration(proxyBeanMethods = false)
class RolloutConfiguration {

  @Bean
  RolloutRecorder rolloutRecorder(StepTypes types, FeatureFlags flags, TimeSource time) {
    RolloutRecorder recorder = new RolloutRecorder(types.names(), time);
    flags.onChange(recorder::flagChanged);
    flags.onSnapshot(recorder::arrived);
    return recorder;
  }

  @Bean
  RolloutEndpoint rolloutEndpoint(
      RolloutRecorder recorder, FeatureFlags flags, PoolProperties pools, TimeSource time) {
    return new RolloutEndpoint(
        recorder,
        flags,
        Map.of(
            ResourcePool.IO,
            pools.io().maxQueueSize(),
            ResourcePool.CPU,
            pools.cpu().maxQueueSize()),
        time);
  }
}
