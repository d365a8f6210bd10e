package io.beamline.worker.queue;

import io.beamline.worker.config.PoolProperties;
import io.beamline.worker.config.WorkerProperties;
import io.beamline.worker.contract.ResourcePool;
import io.beamline.worker.execution.Drain;
import io.beamline.worker.execution.StepExecution;
import io.beamline.worker.execution.WaitingRoom;
import io.beamline.worker.observability.WorkerMetrics;
import io.beamline.worker.timeout.TimeSource;
import java.util.EnumMap;
import java.util.Map;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires the pools. */
@Configuration(proxyBeanMethods = false)
class QueueConfiguration {

  /** CP1: nothing is rejected for room. */
  private static final int UNBOUNDED = Integer.MAX_VALUE;

  @Bean
  StepPools stepPools(
      PoolProperties settings, StepExecution execution, Drain drain, WorkerMetrics metrics) {
    Map<ResourcePool, StepPool> pools = new EnumMap<>(ResourcePool.class);
    pools.put(ResourcePool.IO, pool(ResourcePool.IO, settings.io().concurrency()));
    pools.put(ResourcePool.CPU, pool(ResourcePool.CPU, settings.cpu().concurrency()));
    pools.forEach((name, pool) -> metrics.watchActiveTasks(name, pool::running));
    return new StepPools(pools, execution, drain);
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

  private static StepPool pool(ResourcePool name, int concurrency) {
    return new StepPool(name.wireName(), concurrency, () -> UNBOUNDED);
  }
}
