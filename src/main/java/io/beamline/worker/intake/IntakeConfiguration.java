package io.beamline.worker.intake;

import io.beamline.worker.block.BlockRegistry;
import io.beamline.worker.config.NatsDeliveryProperties;
import io.beamline.worker.config.NatsDeliveryProperties.DeliveryMode;
import io.beamline.worker.connection.NatsSessions;
import io.beamline.worker.contract.json.AssignmentDecoder;
import io.beamline.worker.execution.DeliveryLimit;
import io.beamline.worker.execution.StepFactory;
import io.beamline.worker.feature.FeatureFlags;
import io.beamline.worker.observability.health.HealthCheck;
import io.beamline.worker.observability.logging.LogThrottle;
import io.beamline.worker.queue.StepPools;
import io.beamline.worker.result.Answers;
import io.beamline.worker.result.DeadLetters;
import io.beamline.worker.result.Leases;
import io.beamline.worker.result.Outbox;
import io.beamline.worker.timeout.TimeSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires the intake. */
@Configuration(proxyBeanMethods = false)
class IntakeConfiguration {

  @Bean
  AssignmentHandler assignmentHandler(
      BlockRegistry blocks,
      Answers answers,
      DeadLetters deadLetters,
      StepFactory steps,
      StepPools pools,
      DeliveryLimit deliveryLimit,
      FeatureFlags flags,
      TimeSource time) {
    return new AssignmentHandler(
        new AssignmentDecoder(blocks::supports),
        answers,
        deadLetters,
        steps,
        pools,
        deliveryLimit,
        flags,
        time);
  }

  @Bean
  IntakeLoop intakeLoop(
      NatsSessions sessions,
      NatsDeliveryProperties nats,
      AssignmentHandler handler,
      Outbox outbox,
      Answers answers,
      Leases leases,
      IntakePause pause,
      TimeSource time,
      LogThrottle throttle) {
    AssignmentMemory memory = AssignmentMemory.ofThisProcess(leases::heldBytes, throttle);
    IntakeLoop loop =
        new IntakeLoop(
            sources(nats, memory, time, throttle), handler, outbox, answers, pause, time);
    sessions.subscribe(loop);
    return loop;
  }

  @Bean
  HealthCheck intakeHealth(IntakeLoop loop) {
    return new IntakeHealth(loop);
  }

  @Bean
  HealthCheck drainHealth(IntakeLoop loop) {
    return new DrainHealth(loop);
  }

  private static MessageSources sources(
      NatsDeliveryProperties nats, AssignmentMemory memory, TimeSource time, LogThrottle throttle) {
    return nats.delivery() == DeliveryMode.CORE
        ? session -> CoreSource.open(session, nats.subjects().assign(), nats.queueGroup())
        : session -> JetStreamSource.open(session, nats.durable(), memory, time, throttle);
  }
}
