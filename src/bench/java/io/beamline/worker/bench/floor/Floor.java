package io.beamline.worker.bench.floor;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.nats.client.JetStream;
import io.nats.client.Message;
import io.nats.client.MessageHandler;
import io.nats.client.api.PublishAck;
import io.nats.client.impl.Headers;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * Answers each assignment with an ack and, after its work, with a result; acknowledges it when the
 * server has stored both. Nothing waits for an earlier message, but for the bound of what is under
 * way. It understands nothing of what it gets.
 */
final class Floor implements MessageHandler {

  private static final String ACK_SUBJECT = "caf.exec.assign.v1.ack";
  private static final String RESULT_SUBJECT = "caf.exec.result.v1";

  /** Copied by the worker too; the harness tells by it which result answers what. */
  private static final String COPIED = "traceparent";

  private static final byte[] ACK =
      """
      {"version":"1","assignment_id":"a-00000000-0000-0000-0000-000000000000",\
      "request_id":"r-00000000-0000-0000-0000-000000000000","tenant_id":"tenant-a",\
      "status":"accepted","correlation":{},"acknowledged_at":1764000000000,\
      "metadata":{"worker_id":"floor"}}"""
          .getBytes(UTF_8);

  /** How many assignments may wait for the server. */
  private static final int UNSTORED = 2_000;

  private final JetStream jetStream;
  private final Work work;
  private final Semaphore slots;
  private final Semaphore unstored = new Semaphore(UNSTORED);

  /**
   * A floor.
   *
   * @param atOnce how much work may be under way
   */
  Floor(JetStream jetStream, Work work, int atOnce) {
    this.jetStream = jetStream;
    this.work = work;
    this.slots = new Semaphore(atOnce);
  }

  @Override
  public void onMessage(Message assignment) throws InterruptedException {
    unstored.acquire();
    slots.acquire();
    CompletableFuture<PublishAck> ack =
        jetStream.publishAsync(ACK_SUBJECT, headers(assignment, ".ack"), ACK);
    var unused =
        work.begin(assignment)
            .whenComplete((body, failure) -> slots.release())
            .thenCompose(
                body ->
                    jetStream.publishAsync(RESULT_SUBJECT, headers(assignment, ".result"), body))
            .thenCombine(ack, (resultStored, ackStored) -> resultStored)
            .whenComplete((stored, failure) -> end(assignment, failure));
  }

  private void end(Message assignment, @Nullable Throwable failure) {
    unstored.release();
    if (failure == null) {
      assignment.ack();
    } else {
      failure.printStackTrace();
    }
  }

  private static Headers headers(Message assignment, String suffix) {
    Headers headers = new Headers();
    headers.put("Nats-Msg-Id", assignment.metaData().streamSequence() + suffix);
    Headers given = assignment.getHeaders();
    String copied = given == null ? null : given.getFirst(COPIED);
    if (copied != null) {
      headers.put(COPIED, copied);
    }
    return headers;
  }
}
