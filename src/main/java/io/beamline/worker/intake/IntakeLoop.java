package io.beamline.worker.intake;

import io.beamline.worker.config.Phases;
import io.beamline.worker.connection.NatsSession;
import io.beamline.worker.connection.SessionListener;
import io.beamline.worker.result.Answers;
import io.beamline.worker.result.Delivery;
import io.beamline.worker.result.Outbox;
import io.beamline.worker.timeout.TimeSource;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * Runs the one thread that takes messages. The thread handles each message at once, and never runs
 * a block nor waits for one. It takes messages while there is a session, no pause, and memory for
 * answers. It records when each turn of its loops begins, for liveness. The public methods may be
 * called by any thread.
 */
public final class IntakeLoop implements SessionListener, SmartLifecycle {

  private static final Logger log = LoggerFactory.getLogger(IntakeLoop.class);
  private static final Duration POLL_TIMEOUT = Duration.ofMillis(500);
  private static final Duration IDLE_WAIT = Duration.ofMillis(50);
  private static final Duration LAST_POLL_TIMEOUT = Duration.ofMillis(50);
  private static final Duration RETRY_DELAY = Duration.ofSeconds(1);
  private static final Duration JOIN_TIMEOUT = Duration.ofSeconds(5);

  private final MessageSources sources;
  private final Receiver receiver;
  private final AnswerRoom answerRoom;
  private final IntakePause pause;
  private final TimeSource time;
  private volatile @Nullable NatsSession session;
  private volatile @Nullable Thread thread;
  private volatile boolean stopping;
  private volatile long lastTurnNanos;

  IntakeLoop(
      MessageSources sources,
      AssignmentHandler handler,
      Outbox outbox,
      Answers answers,
      IntakePause pause,
      TimeSource time) {
    this.sources = sources;
    this.receiver = new Receiver(handler, outbox, answers);
    this.answerRoom = new AnswerRoom(outbox);
    this.pause = pause;
    this.time = time;
    this.lastTurnNanos = time.nanos();
  }

  /** Returns whether the thread has ended although the worker is not stopping. */
  boolean hasDied() {
    Thread loop = thread;
    return loop != null && !stopping && !loop.isAlive();
  }

  /** Returns the time since the thread last began a turn. */
  Duration sinceLastTurn() {
    return Duration.ofNanos(time.nanos() - lastTurnNanos);
  }

  /** Returns whether the worker shuts down and takes no more assignments. */
  boolean isStopping() {
    return stopping;
  }

  @Override
  public void opened(NatsSession opened) {
    session = opened;
  }

  @Override
  public void closed() {
    session = null;
  }

  @Override
  public void start() {
    lastTurnNanos = time.nanos();
    thread = Thread.ofPlatform().name("intake").start(this::run);
  }

  @Override
  public void stop() {
    log.info("Draining: no more assignments are taken");
    stopping = true;
    Thread loop = thread;
    if (loop != null) {
      try {
        loop.join(JOIN_TIMEOUT);
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
    return Phases.INTAKE;
  }

  private void run() {
    try {
      while (!stopping) {
        takeOrWait();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      log.error("The intake was interrupted: no more assignments are taken, and liveness is down");
    }
  }

  /**
   * Takes messages, or waits for a moment. Throws nothing but {@link InterruptedException}, not
   * even an Error, so that the loop goes on. It allocates nothing itself, because memory may be
   * short.
   */
  private void takeOrWait() throws InterruptedException {
    try {
      recordTurn();
      NatsSession current = session;
      if (current != null && mayTake()) {
        serve(current);
      } else {
        time.sleep(IDLE_WAIT);
      }
    } catch (RuntimeException | Error e) {
      time.sleep(RETRY_DELAY);
    }
  }

  private boolean mayTake() {
    return !pause.isOn() && !answerRoom.isUsedUp();
  }

  private void serve(NatsSession current) throws InterruptedException {
    try {
      MessageSource source = sources.open(current);
      boolean failed = true;
      try {
        takeFrom(source, current);
        failed = false;
      } finally {
        // After a failure or in a new session, messages may be left: the server redelivers them. A
        // source without redelivery must always be emptied.
        if (!source.redelivers() || (!failed && session == current)) {
          stopAndEmpty(source);
        }
      }
    } catch (SourceFailedException e) {
      requestNewSession(current, e.getMessage(), null);
    } catch (RuntimeException | Error e) {
      requestNewSession(current, e.getMessage(), e);
    }
  }

  private void takeFrom(MessageSource source, NatsSession current)
      throws InterruptedException, SourceFailedException {
    while (!stopping && session == current && mayTake() && !source.hasRequestedTooMuch()) {
      recordTurn();
      Delivery delivery = source.next(POLL_TIMEOUT);
      if (delivery != null) {
        receiver.take(delivery);
      }
    }
  }

  /** Requests no more from the source, and handles the messages that it still has. */
  private void stopAndEmpty(MessageSource source) throws InterruptedException {
    source.stop();
    for (Delivery left = nextLeft(source); left != null; left = nextLeft(source)) {
      recordTurn();
      if (stopping) {
        receiver.handleInDrain(left);
      } else {
        receiver.handleInPause(left);
      }
    }
  }

  /** Returns the next message that is left, or null if the source is empty or its session over. */
  private static @Nullable Delivery nextLeft(MessageSource source) throws InterruptedException {
    try {
      return source.next(LAST_POLL_TIMEOUT);
    } catch (SourceFailedException e) {
      return null;
    }
  }

  /** Requests a new session. It checks the streams and the consumer, which may have changed. */
  private void requestNewSession(
      NatsSession failed, @Nullable String cause, @Nullable Throwable defect)
      throws InterruptedException {
    if (session == failed && !stopping) {
      // Before the log line, which needs memory.
      failed.requestEnd();
      log.atWarn()
          .addKeyValue("cause", cause)
          .setCause(defect)
          .log("Intake failed; it begins again");
      time.sleep(RETRY_DELAY);
    }
  }

  private void recordTurn() {
    lastTurnNanos = time.nanos();
  }
}
