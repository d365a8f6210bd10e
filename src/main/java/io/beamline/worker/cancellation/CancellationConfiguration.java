package io.beamline.worker.cancellation;

import io.beamline.worker.config.HeapShare;
import io.beamline.worker.config.NatsDeliveryProperties;
import io.beamline.worker.config.NatsDeliveryProperties.DeliveryMode;
import io.beamline.worker.connection.JetStreamCheck;
import io.beamline.worker.connection.NatsSessions;
import io.beamline.worker.connection.SubjectStream;
import io.beamline.worker.execution.StepCanceller;
import io.beamline.worker.feature.FeatureFlags;
import io.beamline.worker.observability.logging.LogThrottle;
import io.beamline.worker.observability.metrics.WorkerMetrics;
import io.beamline.worker.queue.StepPools;
import io.beamline.worker.result.Answers;
import io.beamline.worker.timeout.TimeSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires cancellation. */
@Configuration(proxyBeanMethods = false)
class CancellationConfiguration {

  private static final int MAX_REQUESTS = 100_000;

  /** The intake depends on it: the reader must hear of a session first. */
  @Bean
  CancelReader cancelReader(
      NatsSessions sessions,
      NatsDeliveryProperties nats,
      Cancellations cancellations,
      FeatureFlags flags,
      TimeSource time) {
    RequestStream stream =
        nats.delivery() == DeliveryMode.CORE
            ? null
            : new RequestStream(
                new SubjectStream(nats.subjects().cancel(), nats.provision()), nats.replicas());
    CancelReader reader =
        new CancelReader(
            new RequestSources(nats.subjects().cancel(), stream, time), cancellations, flags, time);
    sessions.subscribe(reader);
    return reader;
  }

  @Bean
  JetStreamCheck cancelStreamCheck(NatsDeliveryProperties nats, FeatureFlags flags) {
    return new CancelStreamCheck(
        new SubjectStream(nats.subjects().cancel(), nats.provision()), flags);
  }

  @Bean
  Cancellations cancellations(
      StepCanceller canceller,
      Answers answers,
      FeatureFlags flags,
      WorkerMetrics metrics,
      TimeSource time,
      LogThrottle throttle) {
    RequestMemory memory = new RequestMemory(MAX_REQUESTS, HeapShare.CANCEL_REQUESTS.bytes());
    return new Cancellations(memory, canceller, answers, flags, metrics, time, throttle);
  }

  @Bean
  AssignmentsEndpoint assignmentsEndpoint(
      NatsSessions sessions,
      NatsDeliveryProperties nats,
      Answers answers,
      StepPools pools,
      Cancellations cancellations,
      TimeSource time) {
    CancelPublisher publisher =
        new CancelPublisher(nats.subjects().cancel(), nats.delivery() == DeliveryMode.JETSTREAM);
    AssignmentsEndpoint endpoint =
        new AssignmentsEndpoint(answers, pools, cancellations, publisher, time);
    sessions.subscribe(endpoint);
    return endpoint;
  }
}
