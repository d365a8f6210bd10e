package io.beamline.worker.execution;

import io.beamline.worker.block.BlockRegistry;
import io.beamline.worker.config.NatsDeliveryProperties;
import io.beamline.worker.config.NatsDeliveryProperties.Delivery;
import io.beamline.worker.config.RetryProperties;
import io.beamline.worker.config.TimeoutProperties;
import io.beamline.worker.config.WorkerProperties;
import io.beamline.worker.observability.LogThrottle;
import io.beamline.worker.observability.WorkerMetrics;
import io.beamline.worker.result.Answers;
import io.beamline.worker.result.DeadLetters;
import io.beamline.worker.retry.LinearBackoff;
import io.beamline.worker.timeout.TimeSource;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Role;
import org.springframework.retry.annotation.EnableRetry;
import org.springframework.retry.support.RetryTemplate;

/** Wires the running of steps. */
@Configuration(proxyBeanMethods = false)
@EnableRetry
class ExecutionConfiguration {

  /** The bean that chooses the retry policy of an attempt. */
  static final String RETRY_INTERCEPTOR = "stepRetryInterceptor";

  @Bean(RETRY_INTERCEPTOR)
  @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
  static StepRetryInterceptor stepRetryInterceptor() {
    RetryTemplate cp1 = new RetryTemplate();
    cp1.setRetryPolicy(new Cp1RetryPolicy());
    cp1.setBackOffPolicy(new PlannedBackOff(LinearBackoff.CP1));
    cp1.setRetryContextCache(new StepContexts());
    return new StepRetryInterceptor(cp1);
  }

  @Bean
  StepRunner stepRunner(TimeSource time) {
    return new StepRunner(time);
  }

  @Bean
  StepFactory stepFactory(BlockRegistry blocks, RetryProperties retry, TimeoutProperties timeouts) {
    return new StepFactory(blocks, retry, timeouts);
  }

  @Bean(destroyMethod = "shutdownNow")
  ScheduledExecutorService waitingTimer() {
    return Executors.newSingleThreadScheduledExecutor(
        Thread.ofPlatform().daemon().name("retry-timer").factory());
  }

  @Bean
  WaitingRoom waitingRoom(
      ScheduledExecutorService waitingTimer, RetryProperties retry, WorkerMetrics metrics) {
    WaitingRoom room = new WaitingRoom(waitingTimer, retry.maxWaiting());
    metrics.watchRetriesWaiting(room::size);
    return room;
  }

  @Bean
  StepEnd stepEnd(
      Answers answers,
      DeadLetters deadLetters,
      WorkerMetrics metrics,
      WorkerProperties worker,
      LogThrottle throttle,
      TimeSource time) {
    return new StepEnd(
        answers, deadLetters, metrics, new StepLog(throttle), time, worker.dlq().failedSteps());
  }

  @Bean
  Drain drain(StepEnd end, Answers answers, NatsDeliveryProperties nats) {
    return new Drain(end, answers, nats.delivery() == Delivery.JETSTREAM);
  }

  @Bean
  StepExecution stepExecution(
      StepRunner runner, WaitingRoom waitingRoom, StepEnd end, Drain drain, TimeSource time) {
    return new StepExecution(runner, waitingRoom, end, drain, time);
  }

  @Bean
  DeliveryLimit deliveryLimit(
      NatsDeliveryProperties nats,
      Answers answers,
      DeadLetters deadLetters,
      WorkerMetrics metrics,
      TimeSource time) {
    return new DeliveryLimit(nats.maxDeliver(), answers, deadLetters, metrics, time);
  }
}
