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
 * The one thread that takes messages: it judges each at once, and never runs a block nor waits for
 * one. It works while there is a session, no pause and memory for answers, and says at each turn
 * that it lives. Thread-safe.
 */
public final class IntakeLoop implements SessionListener, SmartLifecycle {

  private static final Logger log = LoggerFactory.getLogger(IntakeLoop.class);
  private static final Duration TURN = Duration.ofMillis(500);
  private static final Duration IDLE = Duration.ofMillis(50);
  private static final Duration LAST = Duration.ofMillis(50);
  private static final Duration AFTER_FAILURE = Duration.ofSeconds(1);
  private static final Duration JOIN = Duration.ofSeconds(5);

  private final MessageSources sources;
  private final Receiver receiver;
  private final AnswerRoom room;
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
    this.room = new AnswerRoom(outbox);
    this.pause = pause;
    this.time = time;
    this.lastTurnNanos = time.nanos();
  }

  /** Whether its thread has ended, though the worker takes assignments. */
  boolean hasDied() {
    Thread loop = thread;
    return loop != null && !stopping && !loop.isAlive();
  }

  /** The time since the loop last said that it lives. */
  Duration sinceLastTurn() {
    return Duration.ofNanos(time.nanos() - lastTurnNanos);
  }

  /** Whether the worker takes no more assignments. */
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
        loop.join(JOIN);
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

  /** Throws no Error either: the loop goes on, and so must need no memory here. */
  private void takeOrWait() throws InterruptedException {
    try {
      turn();
      NatsSession current = session;
      if (current != null && mayTake()) {
        serve(current);
      } else {
        time.sleep(IDLE);
      }
    } catch (RuntimeException | Error e) {
      time.sleep(AFTER_FAILURE);
    }
  }

  private boolean mayTake() {
    return !pause.isOn() && !room.isShort();
  }

  private void serve(NatsSession current) throws InterruptedException {
    try {
      MessageSource source = sources.open(current);
      boolean failed = true;
      try {
        takeFrom(source, current);
        failed = false;
      } finally {
        if (!source.redelivers() || (!failed && session == current)) {
          leave(source);
        }
      }
    } catch (SourceFailedException e) {
      beginAgain(current, e.getMessage(), null);
    } catch (RuntimeException | Error e) {
      beginAgain(current, e.getMessage(), e);
    }
  }

  private void takeFrom(MessageSource source, NatsSession current)
      throws InterruptedException, SourceFailedException {
    while (!stopping && session == current && mayTake()) {
      turn();
      Delivery delivery = source.next(TURN);
      if (delivery != null) {
        receiver.take(delivery);
      }
    }
  }

  /** Has the server give no more, if it still can, and sees to what it gave before. */
  private void leave(MessageSource source) throws InterruptedException {
    source.stop();
    for (Delivery rest = rest(source); rest != null; rest = rest(source)) {
      turn();
      if (stopping) {
        receiver.giveBack(rest);
      } else {
        receiver.takeInPause(rest);
      }
    }
  }

  /** A source that is drained, or whose session is over, has nothing left. */
  private static @Nullable Delivery rest(MessageSource source) throws InterruptedException {
    try {
      return source.next(LAST);
    } catch (SourceFailedException e) {
      return null;
    }
  }

  /** The streams may have changed: a new session looks at them again. */
  private void beginAgain(NatsSession failed, @Nullable String cause, @Nullable Throwable defect)
      throws InterruptedException {
    if (session == failed && !stopping) {
      // Before the log line, which needs memory.
      failed.renew();
      log.atWarn()
          .addKeyValue("cause", cause)
          .setCause(defect)
          .log("Intake failed; it begins again");
      time.sleep(AFTER_FAILURE);
    }
  }

  private void turn() {
    lastTurnNanos = time.nanos();
  }
}
