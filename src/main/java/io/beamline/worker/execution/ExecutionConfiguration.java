package io.beamline.worker.execution;

import io.beamline.worker.block.BlockRegistry;
import io.beamline.worker.config.ConfiguredTypes;
import io.beamline.worker.config.NatsDeliveryProperties;
import io.beamline.worker.config.NatsDeliveryProperties.DeliveryMode;
import io.beamline.worker.config.RetryOverrideSettings;
import io.beamline.worker.config.RetryProperties;
import io.beamline.worker.config.TimeoutProperties;
import io.beamline.worker.config.WorkerProperties;
import io.beamline.worker.destination.Destinations;
import io.beamline.worker.observability.logging.LogThrottle;
import io.beamline.worker.observability.metrics.WorkerMetrics;
import io.beamline.worker.result.Answers;
import io.beamline.worker.retry.RedeliveryPause;
import io.beamline.worker.rollout.RolloutRecorder;
import io.beamline.worker.suspect.SuspectCounts;
import io.beamline.worker.timeout.TimeSource;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadLocalRandom;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Role;
import org.springframework.retry.annotation.EnableRetry;

/** Wires the execution of steps. */
@Configuration(proxyBeanMethods = false)
@EnableRetry
class ExecutionConfiguration {

  /** The name of the bean that selects the retry policy of a step. */
  static final String RETRY_INTERCEPTOR = "stepRetryInterceptor";

  private static final int MIN_DEADLINE_THREADS = 4;

  @Bean(RETRY_INTERCEPTOR)
  @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
  static StepRetryInterceptor stepRetryInterceptor(
      RetryProperties retry, ConfiguredTypes types, TimeSource time) {
    return new StepRetryInterceptor(
        RetryTemplates.cp1(time),
        RetryTemplates.advanced(retry, RetryOverrideSettings.of(retry, types), time));
  }

  @Bean
  StepRunner stepRunner() {
    return new StepRunner();
  }

  @Bean
  StepFactory stepFactory(BlockRegistry blocks, RetryProperties retry, TimeoutProperties timeouts) {
    RetryOverrideSettings.refuseUnknownTypes(retry, blocks.canonicalTypes());
    return new StepFactory(blocks, retry, timeouts);
  }

  @Bean(destroyMethod = "shutdownNow")
  ScheduledExecutorService waitingTimer() {
    return timer("step-timer-", 1);
  }

  /**
   * Separate from the timer of waits, so that thousands of deadlines at one moment do not delay
   * waits. Ending a step takes tens of microseconds, so several threads share the work.
   */
  @Bean(destroyMethod = "shutdownNow")
  ScheduledExecutorService deadlineTimer() {
    int threads = Math.max(MIN_DEADLINE_THREADS, Runtime.getRuntime().availableProcessors());
    return timer("step-deadline-", threads);
  }

  @Bean
  WaitingRoom waitingRoom(
      ScheduledExecutorService waitingTimer,
      RetryProperties retry,
      StepEnd end,
      WorkerMetrics metrics,
      TimeSource time) {
    WaitingRoom room =
        new WaitingRoom(
            waitingTimer,
            retry.maxWaiting(),
            new RedeliveryPause(() -> ThreadLocalRandom.current().nextDouble()),
            end,
            time);
    metrics.watchRetriesWaiting(room::size);
    return room;
  }

  @Bean
  StepEnd stepEnd(
      Answers answers,
      WorkerMetrics metrics,
      RolloutRecorder rollout,
      WorkerProperties worker,
      LogThrottle throttle,
      TimeSource time) {
    return new StepEnd(
        answers,
        new StepMetrics(metrics, rollout, time),
        new StepLog(throttle),
        time,
        worker.dlq().failedSteps());
  }

  @Bean
  Drain drain(StepEnd end, Answers answers, NatsDeliveryProperties nats, TimeSource time) {
    return new Drain(end, answers, nats.delivery() == DeliveryMode.JETSTREAM, time);
  }

  @Bean
  StepCanceller stepCanceller(StepEnd end, TimeSource time) {
    return new StepCanceller(end, time);
  }

  @Bean
  DeadlineWatch deadlineWatch(
      ScheduledExecutorService deadlineTimer, StepEnd end, TimeSource time) {
    return new DeadlineWatch(deadlineTimer, end, time);
  }

  @Bean
  StepExecution stepExecution(
      StepRunner runner,
      WaitingRoom waitingRoom,
      StepEnd end,
      Drain drain,
      DeadlineWatch watch,
      DeliveryLimit deliveryLimit,
      DestinationGate gate,
      TimeSource time) {
    return new StepExecution(runner, waitingRoom, end, drain, watch, deliveryLimit, gate, time);
  }

  @Bean
  DestinationGate destinationGate(
      Destinations destinations,
      WaitingRoom waitingRoom,
      StepEnd end,
      Drain drain,
      DeadlineWatch watch,
      TimeSource time) {
    return new DestinationGate(
        destinations,
        waitingRoom,
        end,
        drain,
        watch,
        time,
        () -> ThreadLocalRandom.current().nextDouble());
  }

  @Bean
  DeliveryLimit deliveryLimit(
      NatsDeliveryProperties nats,
      SuspectCounts suspects,
      StepEnd end,
      Answers answers,
      BlockRegistry blocks,
      WorkerMetrics metrics,
      TimeSource time) {
    return new DeliveryLimit(
        nats.maxDeliver(),
        nats.delivery() == DeliveryMode.JETSTREAM,
        suspects,
        end,
        answers,
        blocks,
        metrics,
        time);
  }

  private static ScheduledExecutorService timer(String name, int threads) {
    ScheduledThreadPoolExecutor timer =
        new ScheduledThreadPoolExecutor(
            threads, Thread.ofPlatform().daemon().name(name, 1).factory());
    timer.setRemoveOnCancelPolicy(true);
    return timer;
  }
}
