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
 * Publishes to core NATS. The server's answer to a ping sent behind the messages tells that it has
 * them; one ping serves all that were published before it, and the next is sent when the last was
 * answered. Thread-safe.
 */
final class CoreTransport implements Transport {

  private final Executor pinger;
  private final Deque<Batch> waiting = new ArrayDeque<>();
  private boolean pinging;

  /**
   * A transport.
   *
   * @param pinger runs tasks soon; one of them at a time waits for the server
   */
  CoreTransport(Executor pinger) {
    this.pinger = pinger;
  }

  @Override
  public CompletableFuture<?> publish(NatsSession session, Outgoing message) {
    session.publish(message.subject(), null, message.headers().toHeaders(), message.body());
    CompletableFuture<Void> confirmed = new CompletableFuture<>();
    if (add(session, confirmed)) {
      pinger.execute(this::pingNext);
    }
    return confirmed;
  }

  /** Whether nobody pings, so that somebody has to begin. */
  private synchronized boolean add(NatsSession session, CompletableFuture<Void> message) {
    Batch last = waiting.peekLast();
    if (last == null || last.session != session) {
      last = new Batch(session, new ArrayList<>());
      waiting.add(last);
    }
    last.messages.add(message);
    boolean begin = !pinging;
    pinging = true;
    return begin;
  }

  private synchronized @Nullable Batch next() {
    Batch next = waiting.poll();
    pinging = next != null;
    return next;
  }

  private void pingNext() {
    Batch batch = next();
    if (batch == null) {
      return;
    }
    try {
      ping(batch);
    } finally {
      pinger.execute(this::pingNext);
    }
  }

  private static void ping(Batch batch) {
    try {
      batch.session.awaitRead();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      batch.messages.forEach(message -> message.completeExceptionally(e));
      return;
    } catch (IOException | RuntimeException e) {
      batch.messages.forEach(message -> message.completeExceptionally(e));
      return;
    }
    batch.messages.forEach(message -> message.complete(null));
  }

  /**
   * Messages of one session that wait for one ping: it says nothing about another session's.
   *
   * @param messages to be completed
   */
  private record Batch(NatsSession session, List<CompletableFuture<Void>> messages) {}
}
