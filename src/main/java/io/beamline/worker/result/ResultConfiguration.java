package io.beamline.worker.result;

import io.beamline.worker.block.ResultLimit;
import io.beamline.worker.config.HeapShare;
import io.beamline.worker.config.NatsDeliveryProperties;
import io.beamline.worker.config.NatsDeliveryProperties.DeliveryMode;
import io.beamline.worker.config.WorkerProperties;
import io.beamline.worker.connection.NatsSessions;
import io.beamline.worker.feature.FeatureFlags;
import io.beamline.worker.observability.health.HealthCheck;
import io.beamline.worker.observability.logging.LogThrottle;
import io.beamline.worker.observability.logging.PeriodicTasks;
import io.beamline.worker.observability.metrics.WorkerMetrics;
import io.beamline.worker.timeout.TimeSource;
import java.time.Duration;
import java.util.concurrent.Future;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.scheduling.concurrent.ThreadPoolTaskScheduler;

/** The beans that publish acks, results, heartbeats and dead letters. */
@Configuration(proxyBeanMethods = false)
class ResultConfiguration {

  private static final int TIMER_THREADS = 2;
  private static final Duration REQUEUE_INTERVAL = Duration.ofMillis(500);

  @Bean
  ThreadPoolTaskScheduler resultTimer(LogThrottle throttle) {
    return PeriodicTasks.scheduler("result-timer-", TIMER_THREADS, throttle);
  }

  /** A thread for leases alone, so that they are renewed even if other tasks hang. */
  @Bean
  ThreadPoolTaskScheduler leaseTimer(LogThrottle throttle) {
    return PeriodicTasks.scheduler("lease-timer-", 1, throttle);
  }

  @Bean
  Outbox outbox(
      NatsSessions sessions,
      NatsDeliveryProperties nats,
      ThreadPoolTaskScheduler resultTimer,
      TimeSource time,
      LogThrottle throttle,
      WorkerMetrics metrics) {
    Transport transport =
        nats.delivery() == DeliveryMode.CORE
            ? new CoreTransport(resultTimer)
            : new JetStreamTransport(resultTimer, time);
    Outbox outbox =
        new Outbox(
            transport,
            resultTimer.getScheduledExecutor(),
            time,
            throttle,
            metrics::resultPublished,
            AnswerMemory.ofThisProcess(
                HeapShare.UNPUBLISHED_ANSWERS, nats.maxUnpublished().toBytes()));
    sessions.subscribe(outbox);
    Future<?> unused = resultTimer.scheduleWithFixedDelay(outbox::queueMissed, REQUEUE_INTERVAL);
    metrics.watchUnpublished(outbox::unpublishedAnswers);
    metrics.watchUnpublishedDeadLetters(outbox::unpublishedDeadLetters);
    return outbox;
  }

  @Bean
  Leases leases(
      NatsSessions sessions, TimeSource time, LogThrottle throttle, WorkerMetrics metrics) {
    Leases leases = new Leases(time, throttle);
    sessions.subscribe(leases);
    metrics.watchLeases(leases::held, leases::heldBytes);
    return leases;
  }

  @Bean
  ServerLimits serverLimits(NatsSessions sessions) {
    ServerLimits limits = new ServerLimits();
    sessions.subscribe(limits);
    return limits;
  }

  @Bean
  ResultLimit resultLimit(NatsDeliveryProperties nats, ServerLimits limits) {
    String subject = nats.subjects().result();
    return () -> limits.of(subject);
  }

  @Bean
  AnswerWriter answerWriter(NatsDeliveryProperties nats, ServerLimits limits) {
    return new AnswerWriter(nats.subjects(), limits::of);
  }

  @Bean
  Answers answers(
      AnswerWriter writer,
      Outbox outbox,
      Leases leases,
      DeadLetters deadLetters,
      WorkerMetrics metrics,
      TimeSource time,
      LogThrottle throttle,
      WorkerProperties worker) {
    Answers answers =
        new Answers(writer, outbox, leases, deadLetters, metrics, time, throttle, worker.id());
    metrics.watchUnfinished(answers::unfinished);
    return answers;
  }

  @Bean
  SmartInitializingSingleton unfinishedGrowth(
      ThreadPoolTaskScheduler resultTimer, Answers answers) {
    Runnable growth = new UnfinishedGrowth(answers::unfinished);
    return () -> {
      Future<?> unused = resultTimer.scheduleWithFixedDelay(growth, Duration.ofSeconds(1));
    };
  }

  @Bean
  DeadLetters deadLetters(
      AnswerWriter writer,
      Outbox outbox,
      Leases leases,
      WorkerMetrics metrics,
      TimeSource time,
      LogThrottle throttle) {
    return new DeadLetters(writer, outbox, leases, metrics, time, throttle);
  }

  @Bean
  Heartbeats heartbeats(
      NatsSessions sessions,
      NatsDeliveryProperties nats,
      WorkerProperties worker,
      ObjectProvider<WorkerLoad> load,
      ObjectProvider<IntakeView> intake,
      ObjectProvider<HealthCheck> checks,
      FeatureFlags flags,
      TimeSource time,
      WorkerMetrics metrics) {
    Heartbeats heartbeats =
        new Heartbeats(
            nats.subjects().heartbeat(),
            worker.id(),
            load,
            intake,
            checks,
            flags,
            time,
            worker.heartbeat().interval());
    sessions.subscribe(heartbeats);
    metrics.watchHeartbeatsMissed(heartbeats::missed);
    return heartbeats;
  }

  @Bean
  ResultLifecycle resultLifecycle(
      ThreadPoolTaskScheduler resultTimer,
      ThreadPoolTaskScheduler leaseTimer,
      Outbox outbox,
      Leases leases,
      Heartbeats heartbeats,
      WorkerProperties worker,
      TimeSource time) {
    return new ResultLifecycle(
        resultTimer, leaseTimer, outbox, leases, heartbeats, worker.heartbeat().interval(), time);
  }
}
