package io.beamline.worker.connection;

import io.beamline.worker.config.NatsDeliveryProperties;
import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamManagement;
import io.nats.client.api.AckPolicy;
import io.nats.client.api.ConsumerConfiguration;
import io.nats.client.api.ConsumerInfo;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds the durable pull consumer, or makes it if it is missing and it may (contract section 1).
 * One that an operator made is left as it is: refused when it cannot work, warned about when it
 * limits.
 */
final class ConsumerPreparation {

  private static final Logger log = LoggerFactory.getLogger(ConsumerPreparation.class);
  private static final int CONSUMER_NOT_FOUND = 10_014;
  private static final long UNLIMITED_DELIVERIES = -1;

  private final NatsDeliveryProperties settings;

  ConsumerPreparation(NatsDeliveryProperties settings) {
    this.settings = settings;
  }

  /** Prepares the consumer and returns its lease. */
  Duration prepare(JetStreamManagement management, String stream)
      throws UnusableStreamException, JetStreamApiException, IOException {
    ConsumerConfiguration found = find(management, stream);
    if (found == null) {
      return make(management, stream);
    }
    refuseUnusable(found, stream);
    warnAboutLimits(found);
    Duration ackWait = found.getAckWait();
    return ackWait == null ? settings.ackWait() : ackWait;
  }

  private Duration make(JetStreamManagement management, String stream)
      throws UnusableStreamException, JetStreamApiException, IOException {
    if (!settings.provision()) {
      throw new UnusableStreamException(
          "the stream "
              + stream
              + " has no consumer "
              + settings.durable()
              + ": make it, or let the worker make it with worker.nats.provision=true");
    }
    management.addOrUpdateConsumer(
        stream,
        ConsumerConfiguration.builder()
            .durable(settings.durable())
            .filterSubject(settings.subjects().assign())
            .ackPolicy(AckPolicy.Explicit)
            .ackWait(settings.ackWait())
            .maxDeliver(UNLIMITED_DELIVERIES)
            .maxAckPending(settings.maxAckPending())
            .build());
    log.atInfo()
        .addKeyValue("stream", stream)
        .addKeyValue("consumer", settings.durable())
        .log("Consumer made");
    return settings.ackWait();
  }

  private @Nullable ConsumerConfiguration find(JetStreamManagement management, String stream)
      throws JetStreamApiException, IOException {
    try {
      ConsumerInfo info = management.getConsumerInfo(stream, settings.durable());
      return info.getConsumerConfiguration();
    } catch (JetStreamApiException e) {
      if (e.getApiErrorCode() == CONSUMER_NOT_FOUND) {
        return null;
      }
      throw e;
    }
  }

  private void refuseUnusable(ConsumerConfiguration consumer, String stream)
      throws UnusableStreamException {
    String subject = settings.subjects().assign();
    List<String> filters = consumer.getFilterSubjects();
    String fault = null;
    if (consumer.getDeliverSubject() != null) {
      fault = "is a push consumer, and the worker pulls";
    } else if (consumer.getAckPolicy() != AckPolicy.Explicit) {
      fault = "does not acknowledge explicitly";
    } else if (filters != null
        && !filters.isEmpty()
        && filters.stream().noneMatch(filter -> SubjectFilter.matches(filter, subject))) {
      fault = "does not deliver the subject " + subject;
    }
    if (fault != null) {
      throw new UnusableStreamException(
          "the consumer " + settings.durable() + " of the stream " + stream + " " + fault);
    }
  }

  private void warnAboutLimits(ConsumerConfiguration consumer) {
    if (consumer.getMaxAckPending() > 0 && consumer.getMaxAckPending() < settings.maxAckPending()) {
      log.atWarn()
          .addKeyValue("consumer", settings.durable())
          .addKeyValue("max_ack_pending", consumer.getMaxAckPending())
          .addKeyValue("wanted", settings.maxAckPending())
          .log("The consumer lets fewer assignments be under way than the worker's settings");
    }
    if (consumer.getMaxDeliver() > 0) {
      log.atWarn()
          .addKeyValue("consumer", settings.durable())
          .addKeyValue("max_deliver", consumer.getMaxDeliver())
          .log(
              "The server stops delivering an assignment after max_deliver; the worker cannot see that");
    }
  }
}
