package io.beamline.worker.connection;

import io.beamline.worker.config.Phases;
import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * Keeps the worker connected. It opens a session, notifies the listeners, waits until the session
 * ends, and opens the next one, with a growing and random pause after failures. While NATS is away
 * it tries again and logs why; steps go on (contract sections 6 and 11). One thread of its own does
 * all this; the public methods may be called from any thread.
 */
public final class NatsSessions implements SmartLifecycle {

  private static final Logger log = LoggerFactory.getLogger(NatsSessions.class);
  private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
  private static final Duration MAX_PAUSE = Duration.ofSeconds(2);
  private static final Duration FLUSH_TIMEOUT = Duration.ofSeconds(2);
  private static final Duration CHECK_INTERVAL = Duration.ofSeconds(1);

  private static final long CHECKS_PER_REVIEW =
      SessionPreparation.REVIEW_INTERVAL.dividedBy(CHECK_INTERVAL);

  /**
   * The number of checks after which a session ends while a permission is missing: a new login may
   * have it.
   */
  private static final int CHECKS_PER_NEW_LOGIN = 60;

  private static final Duration JOIN_TIMEOUT = Duration.ofSeconds(5);

  private final ConnectionFactory connections;
  private final SessionPreparation preparation;
  private final List<SessionListener> listeners = new CopyOnWriteArrayList<>();
  private final CountDownLatch stopping = new CountDownLatch(1);
  private volatile @Nullable NatsSession current;
  private volatile String problem = "not connected yet";
  private volatile @Nullable Thread supervisor;

  NatsSessions(ConnectionFactory connections, SessionPreparation preparation) {
    this.connections = connections;
    this.preparation = preparation;
  }

  /** Returns the addresses of NATS in the settings, without user and password. */
  public List<String> servers() {
    return connections.servers();
  }

  /** Adds a listener. Must be called before {@link #start}. */
  public void subscribe(SessionListener listener) {
    listeners.add(listener);
  }

  /** Adds a listener that is notified before all others. Must be called before {@link #start}. */
  public void subscribeFirst(SessionListener listener) {
    listeners.addFirst(listener);
  }

  /**
   * Sets what is called with each subject that the server refuses to publish to. It is called on a
   * thread of the client, and must return soon. Must be called before {@link #start}.
   */
  public void onPublicationRefused(Consumer<String> listener) {
    connections.permissions().onPublicationRefused(listener);
  }

  /**
   * Returns why there is no session, or which permissions are missing. Empty when there is no
   * problem.
   */
  public String problem() {
    NatsSession session = current;
    return session != null && session.isOpen() ? connections.permissions().describe() : problem;
  }

  /**
   * Returns why dead letters cannot be stored although there is a session. Empty when they can be
   * stored, as far as is known.
   */
  String deadLetterProblem() {
    NatsSession session = current;
    return session == null ? "" : session.deadLetterProblem();
  }

  /**
   * Returns the number of assignments in the stream that were never delivered, at most 5 s old.
   * Empty while there is no session, and in core delivery.
   */
  public OptionalLong backlog() {
    NatsSession session = current;
    return session == null || session.stream().isEmpty()
        ? OptionalLong.empty()
        : OptionalLong.of(session.backlog());
  }

  @Override
  public void start() {
    supervisor = Thread.ofPlatform().name("nats-sessions").start(this::supervise);
  }

  @Override
  public void stop() {
    stopping.countDown();
    Thread thread = supervisor;
    if (thread == null) {
      return;
    }
    flush();
    thread.interrupt();
    try {
      thread.join(JOIN_TIMEOUT);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    supervisor = null;
  }

  @Override
  public boolean isRunning() {
    return supervisor != null;
  }

  @Override
  public int getPhase() {
    return Phases.CONNECTION;
  }

  private void supervise() {
    int failures = 0;
    while (stopping.getCount() > 0) {
      try {
        runSession();
        failures = 0;
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      } catch (Exception | Error e) {
        failures++;
        recordFailure(e, failures);
      }
      if (!pause(failures)) {
        return;
      }
    }
  }

  private void runSession()
      throws UnusableStreamException, JetStreamApiException, IOException, InterruptedException {
    CountDownLatch ending = new CountDownLatch(1);
    Connection connection = connections.connect(ending::countDown);
    try {
      NatsSession session = prepare(connection);
      log.atInfo()
          .addKeyValue(
              "server",
              FailureDescription.withoutCredentials(String.valueOf(connection.getConnectedUrl())))
          .addKeyValue("stream", session.stream())
          .log("Connected to NATS");
      session.onEndRequested(ending::countDown);
      session.setPublishCheck(connections.permissions()::mayPublish);
      current = session;
      listeners.forEach(listener -> listener.opened(session));
      boolean silent = awaitEnd(session, ending);
      boolean renewal = session.isOpen() && !silent;
      problem = renewal ? "the session is being renewed" : "the connection was lost";
      log.warn(renewal ? "The session with NATS is renewed" : "Connection to NATS lost");
    } finally {
      if (current != null) {
        current = null;
        listeners.forEach(SessionListener::closed);
      }
      connection.close();
    }
  }

  private NatsSession prepare(Connection connection)
      throws UnusableStreamException, JetStreamApiException, IOException {
    try {
      return preparation.prepare(connection);
    } catch (IOException e) {
      // A server does not answer a request that it does not permit.
      String missing = connections.permissions().describe();
      throw missing.isEmpty() ? e : new IOException(missing);
    }
  }

  /**
   * Waits until a session must end. Returns whether it must end because the server is silent.
   *
   * @param ending opens when the connection is lost or the end is requested
   */
  private boolean awaitEnd(NatsSession session, CountDownLatch ending)
      throws InterruptedException, UnusableStreamException {
    Duration silence = connections.silenceTimeout();
    int checks = 0;
    while (!ending.await(CHECK_INTERVAL.toMillis(), TimeUnit.MILLISECONDS)) {
      if (++checks % CHECKS_PER_REVIEW == 0) {
        review(session);
      }
      if (checks % CHECKS_PER_NEW_LOGIN == 0 && !connections.permissions().describe().isEmpty()) {
        return false;
      }
      if (session.connection().getStatistics() instanceof LinkProgress link
          && silence.isPositive()
          && link.idleTime().compareTo(silence) >= 0) {
        log.atWarn().addKeyValue("silent_for", silence).log("The NATS server is silent");
        return true;
      }
    }
    return false;
  }

  /**
   * Reviews what a session needs. Ignores a refusal and a missing answer, because the next review
   * asks the server again.
   */
  private void review(NatsSession session) throws UnusableStreamException {
    try {
      preparation.review(session);
    } catch (JetStreamApiException | IOException | IllegalStateException e) {
      log.atDebug()
          .addKeyValue("cause", FailureDescription.describe(e))
          .log("The streams and the consumer could not be looked at; the worker tries again");
    }
  }

  private void recordFailure(Throwable e, int failures) {
    problem = FailureDescription.describe(e);
    if (Integer.bitCount(failures) == 1) {
      log.atWarn()
          .addKeyValue("servers", connections.servers())
          .addKeyValue("attempts", failures)
          .addKeyValue("cause", problem)
          .log("NATS cannot be used yet; trying again");
    }
  }

  /** Waits before the next session. Returns false when the worker stops. */
  private boolean pause(int failures) {
    long longest = Math.min(MAX_PAUSE.toMillis(), FIRST_PAUSE.toMillis() << Math.min(failures, 10));
    long pause = longest / 2 + ThreadLocalRandom.current().nextLong(longest / 2);
    try {
      return !stopping.await(pause, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** Waits until the server has read all messages sent before, for at most 2 s. */
  private void flush() {
    NatsSession session = current;
    if (session == null) {
      return;
    }
    try {
      session.connection().flush(FLUSH_TIMEOUT);
    } catch (TimeoutException | IllegalStateException e) {
      log.atWarn()
          .addKeyValue("cause", FailureDescription.describe(e))
          .log("NATS did not answer the last ping; the last messages may not have arrived");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
