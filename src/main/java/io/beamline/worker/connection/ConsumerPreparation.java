package io.beamline.worker.connection;

import io.beamline.worker.config.NatsDeliveryProperties;
import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamManagement;
import io.nats.client.api.AckPolicy;
import io.nats.client.api.ConsumerConfiguration;
import io.nats.client.api.ConsumerInfo;
import io.nats.client.api.StreamConfiguration;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds the durable pull consumer. A missing one is created if {@code worker.nats.provision} allows
 * it (contract section 1). An existing one is never changed: it is refused when it cannot work, and
 * logged as a warning when it differs from the settings. Used by one thread.
 */
final class ConsumerPreparation {

  private static final Logger log = LoggerFactory.getLogger(ConsumerPreparation.class);
  private static final long UNLIMITED_DELIVERIES = -1;

  private final NatsDeliveryProperties settings;

  ConsumerPreparation(NatsDeliveryProperties settings) {
    this.settings = settings;
  }

  /**
   * Finds or creates the consumer of a stream and returns its state.
   *
   * @throws UnusableStreamException when it cannot work, or is missing and may not be created
   * @throws JetStreamApiException when the server refuses a request
   * @throws IOException when the server does not answer
   */
  ConsumerState prepare(JetStreamManagement management, StreamConfiguration stream)
      throws UnusableStreamException, JetStreamApiException, IOException {
    ConsumerState found = look(management, stream);
    return found == null ? create(management, stream.getName()) : found;
  }

  /**
   * Returns the state of the consumer of a stream, or null if it is missing.
   *
   * @throws UnusableStreamException when it cannot work
   * @throws JetStreamApiException when the server refuses a request
   * @throws IOException when the server does not answer
   */
  @Nullable ConsumerState look(JetStreamManagement management, StreamConfiguration stream)
      throws UnusableStreamException, JetStreamApiException, IOException {
    ConsumerInfo found = find(management, stream.getName());
    if (found == null) {
      return null;
    }
    refuseUnusable(found.getConsumerConfiguration(), stream);
    warnAboutDifferences(found.getConsumerConfiguration());
    return ConsumerState.of(found, settings.ackWait());
  }

  /** Returns a sentence that says that the consumer of a stream is missing, and what to do. */
  String describeMissing(String stream) {
    return "the stream "
        + stream
        + " has no consumer "
        + settings.durable()
        + ": make it, or let the worker make it with worker.nats.provision=true";
  }

  private ConsumerState create(JetStreamManagement management, String stream)
      throws UnusableStreamException, JetStreamApiException, IOException {
    if (!settings.provision()) {
      throw new UnusableStreamException(describeMissing(stream));
    }
    ConsumerInfo created =
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
    return ConsumerState.of(created, settings.ackWait());
  }

  /**
   * Checks the consumer of a running session again, with one request. Returns its state, or null
   * when it is gone.
   *
   * @param before the terms of the last check
   * @throws UnusableStreamException when it was edited and cannot work any more
   * @throws JetStreamApiException when the server refuses the request
   * @throws IOException when the server does not answer in time
   */
  @Nullable ConsumerState review(
      JetStreamManagement management, StreamConfiguration stream, ConsumerTerms before)
      throws UnusableStreamException, JetStreamApiException, IOException {
    ConsumerInfo found = find(management, stream.getName());
    if (found == null) {
      return null;
    }
    refuseUnusable(found.getConsumerConfiguration(), stream);
    ConsumerState now = ConsumerState.of(found, settings.ackWait());
    if (!now.terms().equals(before)) {
      log.atInfo()
          .addKeyValue("consumer", settings.durable())
          .addKeyValue("before", before)
          .addKeyValue("now", now.terms())
          .log("The consumer was edited; the worker follows its new terms");
      warnAboutDifferences(found.getConsumerConfiguration());
    }
    return now;
  }

  private @Nullable ConsumerInfo find(JetStreamManagement management, String stream)
      throws JetStreamApiException, IOException {
    try {
      return management.getConsumerInfo(stream, settings.durable());
    } catch (JetStreamApiException e) {
      if (e.getApiErrorCode() == JetStreamErrors.CONSUMER_NOT_FOUND) {
        return null;
      }
      throw e;
    }
  }

  private void refuseUnusable(ConsumerConfiguration consumer, StreamConfiguration stream)
      throws UnusableStreamException {
    String fault = fault(consumer, stream);
    if (fault != null) {
      throw new UnusableStreamException(
          "the consumer "
              + settings.durable()
              + " of the stream "
              + stream.getName()
              + " "
              + fault);
    }
  }

  private @Nullable String fault(ConsumerConfiguration consumer, StreamConfiguration stream) {
    if (consumer.getDeliverSubject() != null) {
      return "is a push consumer, and the worker pulls";
    }
    if (consumer.getAckPolicy() != AckPolicy.Explicit) {
      return "does not acknowledge explicitly";
    }
    if (consumer.isHeadersOnly()) {
      return "delivers headers only: set its headers_only to false";
    }
    String subject = settings.subjects().assign();
    if (!delivers(consumer, subject)) {
      return "does not deliver the subject " + subject;
    }
    for (String own : ownSubjects()) {
      if (SubjectFilter.any(stream.getSubjects(), own) && delivers(consumer, own)) {
        return "delivers the worker's own answers on " + own + " too: set its filter to " + subject;
      }
    }
    return null;
  }

  private List<String> ownSubjects() {
    NatsDeliveryProperties.Subjects subjects = settings.subjects();
    return List.of(subjects.ack(), subjects.result(), subjects.dlq(), subjects.heartbeat());
  }

  /** Returns whether the consumer delivers a subject. Without a filter it delivers all. */
  private static boolean delivers(ConsumerConfiguration consumer, String subject) {
    List<String> filters = consumer.getFilterSubjects();
    return filters == null || filters.isEmpty() || SubjectFilter.any(filters, subject);
  }

  private void warnAboutDifferences(ConsumerConfiguration consumer) {
    Duration ackWait = ConsumerTerms.of(consumer, settings.ackWait()).ackWait();
    if (!ackWait.equals(settings.ackWait())) {
      warnAboutDifference("ack_wait", ackWait, settings.ackWait());
    }
    if (consumer.getMaxAckPending() != settings.maxAckPending()) {
      warnAboutDifference("max_ack_pending", consumer.getMaxAckPending(), settings.maxAckPending());
    }
    if (consumer.getMaxDeliver() > 0) {
      log.atWarn()
          .addKeyValue("consumer", settings.durable())
          .addKeyValue("max_deliver", consumer.getMaxDeliver())
          .log(
              "The server stops delivering an assignment after max_deliver; the worker cannot see that");
    }
  }

  private void warnAboutDifference(String setting, Object found, Object wanted) {
    log.atWarn()
        .addKeyValue("consumer", settings.durable())
        .addKeyValue(setting, found)
        .addKeyValue("wanted", wanted)
        .log("The consumer differs from the worker's settings, and is used as it is");
  }
}
