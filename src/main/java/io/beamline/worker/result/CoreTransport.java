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
      begin();
    }
    return confirmed;
  }

  private void begin() {
    try {
      pinger.execute(this::pingNext);
    } catch (RuntimeException | Error e) {
      rest();
      throw e;
    }
  }

  private synchronized void rest() {
    pinging = false;
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
    for (Batch batch = next(); batch != null; batch = next()) {
      try {
        ping(batch);
      } catch (RuntimeException | Error e) {
        // Without memory its messages cannot even fail: the next session sends them again.
        batch.session.renew();
      }
      if (handOn()) {
        return;
      }
    }
  }

  /** Whether another task goes on; otherwise this one must. */
  private boolean handOn() {
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
   * Messages of one session that wait for one ping: it says nothing about another session's.
   *
   * @param messages to be completed
   */
  private record Batch(NatsSession session, List<CompletableFuture<Void>> messages) {}
}
