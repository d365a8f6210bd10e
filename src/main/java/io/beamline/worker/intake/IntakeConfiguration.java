package io.beamline.worker.intake;

import io.beamline.worker.block.Block;
import io.beamline.worker.block.BlockRegistry;
import io.beamline.worker.cancellation.Cancellations;
import io.beamline.worker.config.NatsDeliveryProperties;
import io.beamline.worker.config.NatsDeliveryProperties.DeliveryMode;
import io.beamline.worker.config.QueueProperties;
import io.beamline.worker.config.QueueProperties.RejectionPolicy;
import io.beamline.worker.config.UnusableSettingException;
import io.beamline.worker.connection.NatsSessions;
import io.beamline.worker.contract.ResourcePool;
import io.beamline.worker.contract.json.AssignmentDecoder;
import io.beamline.worker.contract.json.Decoded;
import io.beamline.worker.execution.DeliveryLimit;
import io.beamline.worker.execution.StepFactory;
import io.beamline.worker.feature.FeatureFlags;
import io.beamline.worker.observability.health.HealthCheck;
import io.beamline.worker.observability.logging.LogThrottle;
import io.beamline.worker.observability.metrics.WorkerMetrics;
import io.beamline.worker.observability.tracing.Tracing;
import io.beamline.worker.queue.PullRoom;
import io.beamline.worker.queue.StepPools;
import io.beamline.worker.result.Answers;
import io.beamline.worker.result.DeadLetters;
import io.beamline.worker.result.Leases;
import io.beamline.worker.result.Outbox;
import io.beamline.worker.timeout.TimeSource;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.DependsOn;

/** Wires the intake. */
@Configuration(proxyBeanMethods = false)
class IntakeConfiguration {

  @Bean
  AssignmentHandler assignmentHandler(
      BlockRegistry blocks,
      Answers answers,
      QueueProperties queue,
      WorkerMetrics metrics,
      DeadLetters deadLetters,
      StepFactory steps,
      StepPools pools,
      DeliveryLimit deliveryLimit,
      Cancellations cancellations,
      FeatureFlags flags,
      Tracing tracing,
      TimeSource time) {
    return new AssignmentHandler(
        new AssignmentDecoder(blocks::supports),
        answers,
        new Refusals(answers, blocks, metrics, queue.resultOnRejection(), time),
        deadLetters,
        steps,
        pools,
        deliveryLimit,
        cancellations,
        flags,
        tracing,
        time);
  }

  /** Hears of a session after the reader of requests to cancel, which then has read them. */
  @Bean
  @DependsOn("cancelReader")
  IntakeLoop intakeLoop(
      NatsSessions sessions,
      NatsDeliveryProperties nats,
      QueueProperties queue,
      BlockRegistry blocks,
      AssignmentHandler handler,
      Outbox outbox,
      Answers answers,
      Leases leases,
      StepPools pools,
      IntakePause pause,
      TimeSource time,
      LogThrottle throttle) {
    refuseHoldWithoutStream(nats, queue);
    AssignmentMemory memory = AssignmentMemory.ofThisProcess(leases::heldBytes, throttle);
    IntakeLoop loop =
        new IntakeLoop(
            sources(nats, poolOf(blocks), memory, pools.pullRoom(), time, throttle),
            handler,
            outbox,
            answers,
            pause,
            time);
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

  /** In core delivery the server keeps nothing, so there is nothing to leave to other workers. */
  private static void refuseHoldWithoutStream(NatsDeliveryProperties nats, QueueProperties queue) {
    if (queue.rejectionPolicy() == RejectionPolicy.HOLD && nats.delivery() == DeliveryMode.CORE) {
      throw new UnusableSettingException(
          "worker.queue.rejection-policy",
          "hold",
          "reject_new or drop_oldest when worker.nats.delivery is core");
    }
  }

  private static MessageSources sources(
      NatsDeliveryProperties nats,
      Function<byte[], @Nullable ResourcePool> poolOf,
      AssignmentMemory memory,
      PullRoom room,
      TimeSource time,
      LogThrottle throttle) {
    String subject = nats.subjects().assign();
    if (nats.delivery() == DeliveryMode.CORE) {
      return session -> CoreSource.open(session, subject, nats.queueGroup());
    }
    return session ->
        JetStreamSource.open(
            session,
            nats.durable(),
            new StreamView(session, nats.durable(), subject, poolOf),
            memory,
            room,
            time,
            throttle);
  }

  private static Function<byte[], @Nullable ResourcePool> poolOf(BlockRegistry blocks) {
    AssignmentDecoder decoder = new AssignmentDecoder(blocks::supports);
    return body -> {
      Block block =
          decoder.decode(body) instanceof Decoded.Valid valid
              ? blocks.find(valid.assignment().jobType())
              : null;
      return block == null ? null : block.type().pool();
    };
  }
}
