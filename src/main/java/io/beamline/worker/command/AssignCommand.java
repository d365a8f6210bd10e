package io.beamline.worker.command;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.NANOSECONDS;

import io.beamline.worker.config.NatsDeliveryProperties;
import io.beamline.worker.config.NatsDeliveryProperties.DeliveryMode;
import io.beamline.worker.connection.JetStreamApi;
import io.beamline.worker.contract.RawJson;
import io.beamline.worker.contract.json.JsonFields;
import io.beamline.worker.contract.json.JsonWriter;
import io.beamline.worker.deadletter.CommandFailedException;
import io.beamline.worker.deadletter.Printable;
import io.beamline.worker.deadletter.Streams;
import io.nats.client.Dispatcher;
import io.nats.client.JetStreamApiException;
import io.nats.client.Message;
import io.nats.client.api.PublishAck;
import io.nats.client.impl.Headers;
import io.nats.client.impl.NatsMessage;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;

/** Assigns a step by hand, as the Router would (contract section 2). Used by one thread. */
record AssignCommand(JetStreamApi jetStream, NatsDeliveryProperties settings, PrintStream out) {

  private static final int OK = 0;
  private static final int FAILED = 1;

  /** More than the header takes, which counts as well. */
  private static final int HEADER_BYTES = 128;

  private static final Duration SERVER_PATIENCE = Duration.ofSeconds(5);
  private static final Duration ACK_PATIENCE = Duration.ofSeconds(60);

  /** Longer than the longest deadline. */
  private static final Duration RESULT_PATIENCE = Duration.ofMinutes(70);

  /**
   * Publishes the assignment and, if that is wanted, waits for its answers.
   *
   * @return the exit code: 0; if it waits, 1 unless the step succeeded
   * @throws CommandFailedException if it could not be published, or nobody answers
   */
  int run(Command.AssignStep step)
      throws IOException, JetStreamApiException, CommandFailedException, InterruptedException {
    String id = "by-hand-" + UUID.randomUUID();
    byte[] body = assignment(step, id);
    if (body.length + HEADER_BYTES > jetStream.connection().getMaxPayload()) {
      throw new CommandFailedException(
          "the assignment has %d bytes, and NATS takes %d"
              .formatted(body.length, jetStream.connection().getMaxPayload()));
    }
    if (!step.answers()) {
      publish(id, body);
      out.println("Assigned: " + id);
      return OK;
    }
    CompletableFuture<RawJson> acks = first(settings.subjects().ack(), id);
    CompletableFuture<RawJson> results = first(settings.subjects().result(), id);
    jetStream.flush(SERVER_PATIENCE);
    publish(id, body);
    out.println("Assigned: " + id);
    RawJson ack = await(acks, ACK_PATIENCE, "no worker has answered: does one run?");
    out.println("Ack:      " + Printable.line(ack.text()));
    if (!"accepted".equals(JsonFields.text(ack, "status"))) {
      return FAILED;
    }
    RawJson result = await(results, RESULT_PATIENCE, "there is no result");
    out.println("Result:   " + Printable.line(result.text()));
    return "success".equals(JsonFields.text(result, "status")) ? OK : FAILED;
  }

  private static byte[] assignment(Command.AssignStep step, String id) {
    return JsonWriter.object(
        json ->
            json.text("version", "1")
                .text("assignment_id", id)
                .text("request_id", id)
                .text("tenant_id", step.tenant())
                .object("executor", executor -> executor.text("provider_id", "by-hand"))
                .object(
                    "job", job -> job.text("type", step.type()).raw("payload", step.payload())));
  }

  private void publish(String id, byte[] body)
      throws IOException, JetStreamApiException, CommandFailedException, InterruptedException {
    String subject = settings.subjects().assign();
    Message message =
        NatsMessage.builder()
            .subject(subject)
            .headers(new Headers().put("Nats-Msg-Id", id))
            .data(body)
            .build();
    if (settings.delivery() == DeliveryMode.CORE) {
      jetStream.connection().publish(message);
      jetStream.flush(SERVER_PATIENCE);
      return;
    }
    Streams.require(jetStream.management(), subject, "worker.nats.subjects.assign");
    PublishAck confirmed = jetStream.messages().publish(message);
    if (!jetStream.isConfirmedBy(confirmed.getDomain())) {
      throw new CommandFailedException(jetStream.describeForeignStream(subject));
    }
  }

  /** Completes with the first message about the assignment; all others are let go at once. */
  private CompletableFuture<RawJson> first(String subject, String id) {
    CompletableFuture<RawJson> found = new CompletableFuture<>();
    Dispatcher dispatcher =
        jetStream
            .connection()
            .createDispatcher(
                message -> {
                  if (isAbout(message, id)) {
                    found.complete(new RawJson(message.getData()));
                  }
                });
    dispatcher.subscribe(subject);
    return found;
  }

  private static RawJson await(
      CompletableFuture<RawJson> answer, Duration patience, String otherwise)
      throws InterruptedException, IOException {
    try {
      return answer.get(patience.toNanos(), NANOSECONDS);
    } catch (TimeoutException | ExecutionException e) {
      // A server that refuses a subscription says so, and then is silent.
      throw new IOException(otherwise);
    }
  }

  private static boolean isAbout(Message message, String id) {
    return new String(message.getData(), UTF_8).contains(id)
        && id.equals(JsonFields.text(new RawJson(message.getData()), "assignment_id"));
  }
}
