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
 * one. It works while there is a session and no pause, and says at each turn that it lives.
 * Thread-safe.
 */
public final class IntakeLoop implements SessionListener, SmartLifecycle {

  private static final Logger log = LoggerFactory.getLogger(IntakeLoop.class);
  private static final Duration TURN = Duration.ofMillis(500);
  private static final Duration LAST = Duration.ofMillis(50);
  private static final Duration AFTER_FAILURE = Duration.ofSeconds(1);
  private static final Duration JOIN = Duration.ofSeconds(5);

  private final MessageSources sources;
  private final AssignmentHandler handler;
  private final Outbox outbox;
  private final Answers answers;
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
    this.handler = handler;
    this.outbox = outbox;
    this.answers = answers;
    this.pause = pause;
    this.time = time;
    this.lastTurnNanos = time.nanos();
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
        turn();
        NatsSession current = session;
        if (current == null || pause.isOn()) {
          time.sleep(TURN.dividedBy(10));
        } else {
          serve(current);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void serve(NatsSession current) throws InterruptedException {
    try {
      MessageSource source = sources.open(current);
      while (!stopping && !pause.isOn() && session == current) {
        turn();
        if (outbox.hasRoom()) {
          take(source.next(TURN));
        } else {
          time.sleep(TURN);
        }
      }
      if (session == current || !source.redelivers()) {
        leave(source);
      }
    } catch (SourceFailedException | RuntimeException e) {
      if (session == current && !stopping) {
        log.atWarn().addKeyValue("cause", e.getMessage()).log("Intake failed; it begins again");
        time.sleep(AFTER_FAILURE);
        renew(current);
      }
    }
  }

  private void take(@Nullable Delivery delivery) {
    if (delivery == null) {
      return;
    }
    try {
      handler.handle(delivery);
    } catch (RuntimeException | Error e) {
      // Nobody else would let go of its lease. The loop must live on.
      log.atError().setCause(e).log("A message could not be taken");
      answers.handBack(delivery);
    }
  }

  /** Has the server give no more, if it still can, and sees to what it gave before. */
  private void leave(MessageSource source) throws InterruptedException {
    source.stop();
    for (Delivery rest = rest(source); rest != null; rest = rest(source)) {
      turn();
      if (stopping) {
        giveBack(rest);
      } else {
        takeInPause(rest);
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

  /**
   * In a pause it is taken like what came before: to hand it back would count as a delivery, and
   * who pauses often would wear an assignment out.
   */
  private void takeInPause(Delivery rest) {
    if (rest.lease() == null || outbox.hasRoom()) {
      take(rest);
    } else {
      answers.handBack(rest);
    }
  }

  /** At the end it goes to another worker at once. */
  private void giveBack(Delivery rest) {
    if (rest.lease() == null) {
      refuse(rest);
    } else {
      answers.handBack(rest);
    }
  }

  private void refuse(Delivery delivery) {
    try {
      handler.refuse(delivery);
    } catch (RuntimeException e) {
      log.atError().setCause(e).log("A message could not be refused");
    }
  }

  /** The streams may have changed: a new session looks at them again. */
  private static void renew(NatsSession current) throws InterruptedException {
    current.connection().close();
  }

  private void turn() {
    lastTurnNanos = time.nanos();
  }
}
