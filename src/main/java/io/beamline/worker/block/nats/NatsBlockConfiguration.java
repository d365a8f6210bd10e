package io.beamline.worker.block.nats;

import io.beamline.worker.block.ResultLimit;
import io.beamline.worker.config.NatsBlockProperties;
import io.beamline.worker.config.NatsDeliveryProperties;
import io.beamline.worker.connection.NatsSessions;
import io.beamline.worker.observability.tracing.ClientSpans;
import io.beamline.worker.timeout.TimeSource;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;

/** Wires the {@code nats.request} block, if the settings allow a subject. */
@Configuration(proxyBeanMethods = false)
@Conditional(AllowedSubjectsCondition.class)
class NatsBlockConfiguration {

  /** Subscribes as the first listener: a step may run as soon as assignments are pulled. */
  @Bean
  RequestSessions requestSessions(NatsSessions sessions) {
    RequestSessions requests = new RequestSessions();
    sessions.subscribeFirst(requests);
    sessions.onPublicationRefused(requests::refused);
    return requests;
  }

  @Bean
  NatsRequestBlock natsRequestBlock(
      NatsBlockProperties properties,
      NatsDeliveryProperties nats,
      @Value("${nats.spring.inbox-prefix:}") String inboxPrefix,
      RequestSessions requestSessions,
      ResultLimit resultLimit,
      ClientSpans spans,
      TimeSource time) {
    return new NatsRequestBlock(
        AllowedSubjects.of(properties.allowedSubjects(), nats.subjects(), inboxPrefix),
        requestSessions,
        resultLimit,
        spans,
        time);
  }
}
