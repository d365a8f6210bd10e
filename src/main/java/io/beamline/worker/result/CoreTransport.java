package io.beamline.worker.result;

import io.beamline.worker.connection.NatsSession;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Publishes to core NATS. A message counts as confirmed when the server answers a ping that was
 * sent after it. One ping confirms all messages before it, and there is one ping at a time. Safe
 * for several threads.
 */
final class CoreTransport implements Transport {

  private final Executor pinger;
  private final Deque<Batch> waiting = new ArrayDeque<>();
  private boolean pinging;

  /**
   * Creates a transport.
   *
   * @param pinger runs the pings; one task at a time waits for the server
   */
  CoreTransport(Executor pinger) {
    this.pinger = pinger;
  }

  @Override
  public CompletableFuture<?> publish(NatsSession session, OutgoingMessage message) {
    session.publish(message.subject(), null, message.headers().toHeaders(), message.body());
    CompletableFuture<Void> confirmed = new CompletableFuture<>();
    if (enqueue(session, confirmed)) {
      startPinging();
    }
    return confirmed;
  }

  private void startPinging() {
    try {
      pinger.execute(this::pingNext);
    } catch (RuntimeException | Error e) {
      stopPinging();
      throw e;
    }
  }

  private synchronized void stopPinging() {
    pinging = false;
  }

  /** Queues a message. Returns whether the caller must start a task that pings. */
  private synchronized boolean enqueue(NatsSession session, CompletableFuture<Void> message) {
    Batch last = waiting.peekLast();
    if (last == null || last.session != session) {
      last = new Batch(session, new ArrayList<>());
      waiting.add(last);
    }
    last.messages.add(message);
    boolean start = !pinging;
    pinging = true;
    return start;
  }

  private synchronized @Nullable Batch next() {
    Batch next = waiting.poll();
    pinging = next != null;
    return next;
  }

  private void pingNext() {
    for (Batch batch = next(); batch != null; batch = next()) {
      try {
        ping(batch);
      } catch (RuntimeException | Error e) {
        // For lack of memory the futures could not even fail. The next session sends the messages
        // again.
        batch.session.requestEnd();
      }
      if (continueInNewTask()) {
        return;
      }
    }
  }

  /** Returns whether a new task continues; if not, the present one must. */
  private boolean continueInNewTask() {
    try {
      pinger.execute(this::pingNext);
      return true;
    } catch (RuntimeException | Error e) {
      return false;
    }
  }

  private static void ping(Batch batch) {
    try {
      batch.session.awaitRead();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      batch.messages.forEach(message -> message.completeExceptionally(e));
      return;
    } catch (IOException | RuntimeException | Error e) {
      batch.messages.forEach(message -> message.completeExceptionally(e));
      return;
    }
    batch.messages.forEach(message -> message.complete(null));
  }

  /**
   * Messages of one session that wait for the same ping.
   *
   * @param messages the futures to complete
   */
  private record Batch(NatsSession session, List<CompletableFuture<Void>> messages) {}
}
