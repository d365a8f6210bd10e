package io.beamline.worker.queue;

import io.beamline.worker.config.PoolProperties;
import io.beamline.worker.config.QueueProperties;
import io.beamline.worker.config.WorkerProperties;
import io.beamline.worker.contract.ResourcePool;
import io.beamline.worker.execution.DeadlineWatch;
import io.beamline.worker.execution.Drain;
import io.beamline.worker.execution.StepEnd;
import io.beamline.worker.execution.StepExecution;
import io.beamline.worker.execution.WaitingRoom;
import io.beamline.worker.feature.FeatureFlags;
import io.beamline.worker.observability.health.HealthDetail;
import io.beamline.worker.observability.logging.LogThrottle;
import io.beamline.worker.observability.metrics.QueueMetrics;
import io.beamline.worker.observability.metrics.WorkerMetrics;
import io.beamline.worker.rollout.RolloutRecorder;
import io.beamline.worker.timeout.TimeSource;
import java.util.EnumMap;
import java.util.Map;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires the pools. */
@Configuration(proxyBeanMethods = false)
class QueueConfiguration {

  @Bean
  StepPools stepPools(
      PoolProperties settings,
      PoolFactory factory,
      StepExecution execution,
      Drain drain,
      WaitingRoom waitingRoom,
      DeadlineWatch watch,
      WorkerMetrics metrics) {
    Map<ResourcePool, StepPool> pools = new EnumMap<>(ResourcePool.class);
    PoolProperties.Io io = settings.io();
    PoolProperties.Cpu cpu = settings.cpu();
    pools.put(
        ResourcePool.IO, factory.create(ResourcePool.IO, io.concurrency(), io.maxQueueSize()));
    pools.put(
        ResourcePool.CPU, factory.create(ResourcePool.CPU, cpu.concurrency(), cpu.maxQueueSize()));
    pools.forEach(
        (name, pool) -> {
          metrics.watchActiveTasks(name, pool::running);
          metrics.watchStuckAttempts(name, () -> pool.stuck(factory.time().nanos()));
        });
    StepPools all =
        new StepPools(
            pools,
            execution,
            factory.end(),
            drain,
            waitingRoom,
            watch,
            new HoldRoom(factory.settings(), pools, factory.flags()),
            factory.flags(),
            factory.time());
    followFlag(factory.flags(), factory.metrics(), all);
    return all;
  }

  @Bean
  PoolFactory poolFactory(
      QueueProperties settings,
      StepEnd end,
      FeatureFlags flags,
      QueueMetrics metrics,
      RolloutRecorder rollout,
      LogThrottle throttle,
      TimeSource time) {
    return new PoolFactory(settings, end, flags, metrics, rollout, throttle, time);
  }

  @Bean
  HealthDetail queueDetail(StepPools pools, QueueProperties settings, FeatureFlags flags) {
    return new QueueDetail(pools, settings.rejectionPolicy(), flags);
  }

  @Bean
  QueueDrain queueDrain(StepPools pools, Drain drain) {
    return new QueueDrain(pools, drain);
  }

  @Bean
  ExecutionDrain executionDrain(
      StepPools pools,
      WaitingRoom waitingRoom,
      Drain drain,
      WorkerProperties worker,
      TimeSource time) {
    return new ExecutionDrain(pools, waitingRoom, drain, worker.shutdown().grace(), time);
  }

  private static void followFlag(FeatureFlags flags, QueueMetrics metrics, StepPools pools) {
    Runnable changed =
        () -> {
          metrics.follow(flags::queueManagement);
          pools.managementChanged();
        };
    flags.onChange(changed);
    changed.run();
  }
}
