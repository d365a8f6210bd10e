package io.beamline.worker.cancellation;

import io.beamline.worker.cancellation.RequestSource.StoredMessage;
import io.beamline.worker.config.Phases;
import io.beamline.worker.connection.NatsSession;
import io.beamline.worker.connection.SessionListener;
import io.beamline.worker.feature.FeatureFlags;
import io.beamline.worker.timeout.Durations;
import io.beamline.worker.timeout.TimeSource;
import io.nats.client.JetStreamApiException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * Reads requests in each session, on a thread of its own. It reads them while cancellation is off
 * too, because an assignment may arrive when it is on; but then it tries only once in a session,
 * and with core delivery not at all. Nothing that fails here touches the rest of the worker:
 * cancellation is then not available, which is logged once.
 */
final class CancelReader implements SessionListener, SmartLifecycle {

  private static final Logger log = LoggerFactory.getLogger(CancelReader.class);

  private static final Duration POLL_TIMEOUT = Duration.ofMillis(500);

  /** The shortest wait. The client takes zero for a wait without an end. */
  private static final Duration AT_ONCE = Duration.ofMillis(1);

  private static final Duration IDLE_WAIT = Duration.ofMillis(50);
  private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);
  private static final Duration CATCH_UP_TIMEOUT = Duration.ofSeconds(2);
  private static final Duration JOIN_TIMEOUT = Duration.ofSeconds(5);
  private static final int MAX_AT_ONCE = 1_000;

  private final RequestSources sources;
  private final Cancellations cancellations;
  private final FeatureFlags flags;
  private final TimeSource time;
  private volatile @Nullable NatsSession session;
  private volatile CountDownLatch caughtUp = new CountDownLatch(1);
  private volatile @Nullable Thread thread;
  private volatile boolean stopping;

  /** The last session in which requests could not be read. */
  private @Nullable NatsSession failedIn;

  private Duration pause = FIRST_PAUSE;
  private String problem = "";

  CancelReader(
      RequestSources sources, Cancellations cancellations, FeatureFlags flags, TimeSource time) {
    this.sources = sources;
    this.cancellations = cancellations;
    this.flags = flags;
    this.time = time;
  }

  /**
   * Waits until the requests of the last hour are read, for at most 2 s, so that assignments which
   * are then delivered find them. Does not wait while cancellation is off.
   */
  @Override
  public void opened(NatsSession opened) {
    CountDownLatch reading = new CountDownLatch(1);
    caughtUp = reading;
    session = opened;
    if (sources.arePast() && flags.cancellationInUse()) {
      try {
        boolean unused = reading.await(CATCH_UP_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  @Override
  public void closed() {
    session = null;
  }

  @Override
  public void start() {
    thread = Thread.ofPlatform().daemon().name("cancellations").start(this::run);
  }

  @Override
  public void stop() {
    stopping = true;
    Thread reader = thread;
    if (reader != null) {
      try {
        reader.join(JOIN_TIMEOUT);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    thread = null;
  }

  @Override
  public boolean isRunning() {
    return thread != null;
  }

  @Override
  public int getPhase() {
    return Phases.CANCELLATION;
  }

  private void run() {
    try {
      while (!stopping) {
        turn();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Throws nothing but {@link InterruptedException}, not even an Error, so that it goes on. */
  private void turn() throws InterruptedException {
    NatsSession current = session;
    try {
      if (current == null) {
        time.sleep(IDLE_WAIT);
      } else if (mayRead(current)) {
        read(current);
      } else {
        time.sleep(IDLE_WAIT);
      }
    } catch (IOException | JetStreamApiException e) {
      failed(current, current == null ? "" : current.jetStream().describeFailure(e));
    } catch (RuntimeException | Error e) {
      failed(current, String.valueOf(e.getMessage()));
    }
  }

  private boolean mayRead(NatsSession current) {
    return flags.cancellationInUse() || (sources.arePast() && failedIn != current);
  }

  private void read(NatsSession current)
      throws IOException, JetStreamApiException, InterruptedException {
    RequestSource source = sources.open(current);
    if (source == null) {
      failed(current, sources.describeMissing());
      return;
    }
    try {
      while (!stopping && session == current) {
        if (source.hasCaughtUp()) {
          caughtUp(current);
        }
        cancellations.received(next(source));
        cancellations.tidy();
      }
    } finally {
      source.close();
    }
  }

  /** Returns what is there, after a short wait for the first message. */
  private static List<StoredMessage> next(RequestSource source)
      throws IOException, InterruptedException {
    List<StoredMessage> messages = new ArrayList<>();
    StoredMessage next = source.next(source.hasCaughtUp() ? POLL_TIMEOUT : IDLE_WAIT);
    while (next != null) {
      messages.add(next);
      next = messages.size() < MAX_AT_ONCE ? source.next(AT_ONCE) : null;
    }
    return messages;
  }

  private void caughtUp(NatsSession current) {
    pause = FIRST_PAUSE;
    if (session == current) {
      caughtUp.countDown();
    }
    if (!problem.isEmpty()) {
      problem = "";
      log.info("Cancellation is available");
    }
  }

  private void failed(@Nullable NatsSession of, String cause) throws InterruptedException {
    if (of == null || session != of || stopping) {
      return;
    }
    if (!of.isOpen()) {
      // The session is about to end, which says nothing about requests.
      time.sleep(IDLE_WAIT);
      return;
    }
    failedIn = of;
    caughtUp.countDown();
    unavailable(cause);
    if (flags.cancellationInUse()) {
      pauseIn(of);
    }
  }

  private void pauseIn(NatsSession of) throws InterruptedException {
    long end = time.nanos() + pause.toNanos();
    pause = Durations.shorter(pause.multipliedBy(2), LONGEST_PAUSE);
    while (session == of && !stopping && time.nanos() < end) {
      time.sleep(IDLE_WAIT);
    }
  }

  /** Logs a cause once, until cancellation is available or the cause is another one. */
  private void unavailable(String cause) {
    if (!problem.equals(cause)) {
      problem = cause;
      log.atInfo()
          .addKeyValue("cause", cause)
          .log("Cancellation is not available; everything else goes on");
    }
  }
}
