package io.beamline.worker.bench.plain;

import io.micrometer.core.instrument.MeterRegistry;
import io.nats.client.Connection;
import io.nats.client.ConsumeOptions;
import io.nats.client.JetStream;
import io.nats.client.JetStreamApiException;
import io.nats.client.Message;
import io.nats.client.MessageConsumer;
import io.nats.client.MessageHandler;
import io.nats.client.api.AckPolicy;
import io.nats.client.api.ConsumerConfiguration;
import io.nats.client.api.PublishAck;
import io.nats.client.impl.Headers;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Takes assignments, publishes an ack and a result of each, and acknowledges it when both are
 * stored. What cannot be stored comes again after the consumer's ack_wait. One thread of the
 * connection calls it.
 */
@Component
final class PlainConsumer implements SmartLifecycle, MessageHandler {

  private static final Logger log = LoggerFactory.getLogger(PlainConsumer.class);
  private static final String DURABLE = "caf-workers";
  private static final int BATCH = 500;
  private static final int UNDER_WAY = 2_000;
  private static final int ACK_PENDING = 20_000;

  private final Connection connection;
  private final JetStream jetStream;
  private final PlainSteps steps;
  private final JsonMapper json;
  private final MeterRegistry meters;
  private final Semaphore underWay = new Semaphore(UNDER_WAY);
  private volatile @Nullable MessageConsumer consumer;

  PlainConsumer(Connection connection, PlainSteps steps, JsonMapper json, MeterRegistry meters)
      throws IOException {
    this.connection = connection;
    this.jetStream = connection.jetStream();
    this.steps = steps;
    this.json = json;
    this.meters = meters;
  }

  @Override
  public void start() {
    try {
      String stream =
          connection.jetStreamManagement().getStreamNames(PlainNats.ASSIGNMENTS).getFirst();
      ConsumerConfiguration configuration =
          ConsumerConfiguration.builder()
              .durable(DURABLE)
              .filterSubject(PlainNats.ASSIGNMENTS)
              .ackPolicy(AckPolicy.Explicit)
              .ackWait(Duration.ofSeconds(30))
              .maxAckPending(ACK_PENDING)
              .build();
      consumer =
          connection
              .getStreamContext(stream)
              .createOrUpdateConsumer(configuration)
              .consume(
                  ConsumeOptions.builder().batchSize(BATCH).thresholdPercent(50).build(), this);
    } catch (IOException | JetStreamApiException e) {
      throw new IllegalStateException("assignments cannot be consumed", e);
    }
  }

  @Override
  public void onMessage(Message message) throws InterruptedException {
    PlainAssignment assignment;
    try {
      assignment = json.readValue(message.getData(), PlainAssignment.class);
    } catch (JacksonException e) {
      log.warn("Not an assignment", e);
      message.term();
      return;
    }
    underWay.acquire();
    long begun = System.currentTimeMillis();
    CompletableFuture<PublishAck> ack =
        publish(PlainNats.ACKS, assignment.assignmentId() + ".ack", PlainAck.of(assignment));
    var unused =
        steps
            .begin(assignment.job())
            .handle((outputs, failure) -> result(assignment, begun, outputs, failure))
            .thenCompose(
                result -> publish(PlainNats.RESULTS, assignment.assignmentId() + ".result", result))
            .thenCombine(ack, (resultStored, ackStored) -> resultStored)
            .whenComplete((stored, failure) -> end(message, failure));
  }

  private PlainResult result(
      PlainAssignment assignment,
      long begun,
      @Nullable Map<String, ?> outputs,
      @Nullable Throwable failure) {
    PlainResult result =
        outputs == null || failure != null
            ? PlainResult.error(assignment, begun, new IllegalStateException(failure))
            : PlainResult.success(assignment, begun, outputs);
    meters
        .timer("plain.steps", "type", assignment.job().type(), "status", result.status())
        .record(Duration.ofMillis(result.latencyMs()));
    return result;
  }

  private CompletableFuture<PublishAck> publish(String subject, String id, Object body) {
    return jetStream.publishAsync(
        subject, new Headers().put("Nats-Msg-Id", id), json.writeValueAsBytes(body));
  }

  private void end(Message message, @Nullable Throwable failure) {
    underWay.release();
    if (failure == null) {
      message.ack();
    } else {
      log.warn("Not stored; it comes again", failure);
    }
  }

  @Override
  public void stop() {
    MessageConsumer running = consumer;
    if (running != null) {
      running.stop();
      consumer = null;
    }
  }

  @Override
  public boolean isRunning() {
    return consumer != null;
  }
}
