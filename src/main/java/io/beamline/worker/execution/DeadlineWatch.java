package io.beamline.worker.execution;

import io.beamline.worker.contract.StepError;
import io.beamline.worker.contract.StepOutcome;
import io.beamline.worker.timeout.TimeSource;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends each step at its deadline wherever it is (W3-2.3): in the queue and in a wait at once, in an
 * attempt a little later, because a block that keeps the deadline itself ends more gently. Thread-
 * safe.
 */
public final class DeadlineWatch {

  private static final Logger log = LoggerFactory.getLogger(DeadlineWatch.class);

  /** How long a block may take to end by itself. */
  private static final Duration LENIENCE = Duration.ofMillis(40);

  private final ScheduledExecutorService timer;
  private final StepEnd end;
  private final WaitingRoom waitingRoom;
  private final TimeSource time;
  private final Map<Step, Thread> running = new ConcurrentHashMap<>();
  private final DeadlineTimers timers;

  DeadlineWatch(
      ScheduledExecutorService timer, StepEnd end, WaitingRoom waitingRoom, TimeSource time) {
    this.timer = timer;
    this.end = end;
    this.waitingRoom = waitingRoom;
    this.time = time;
    this.timers = new DeadlineTimers(timer, time, this::passed);
  }

  /**
   * Watches a step until it has ended; nothing when it has no deadline.
   *
   * @param queue where the step waits for a slot
   */
  public void watch(Step step, AttemptQueue queue) {
    if (!step.limits().deadline().bounded()) {
      return;
    }
    Watched watched = new Watched(step, queue, time.nanos());
    step.watchedBy(watched);
    timers.watch(watched, step);
  }

  /** An attempt of the step runs on the calling thread. */
  void running(Step step) {
    if (step.limits().deadline().bounded()) {
      running.put(step, Thread.currentThread());
    }
  }

  /** No attempt of the step runs any more. */
  void left(Step step) {
    if (step.limits().deadline().bounded()) {
      // Waits for an interruption that is under way, so that it does not hit the next step.
      running.computeIfPresent(step, (any, thread) -> null);
    }
  }

  private void passed(Step step, AttemptQueue queue) {
    if (queue.remove(step)) {
      end(step, TimeUp.inQueue(step, time.nanos()));
    } else if (waitingRoom.remove(step)) {
      end(step, TimeUp.total(step, time.nanos()));
    } else {
      Future<?> unused = after(LENIENCE, () -> cut(step, queue));
    }
  }

  private void cut(Step step, AttemptQueue queue) {
    if (step.hasEnded()) {
      return;
    }
    long now = time.nanos();
    StepError error = TimeUp.total(step, now);
    if (running.containsKey(step)) {
      step.cut(error, now);
      end(step, error);
      running.computeIfPresent(step, DeadlineWatch::interrupt);
    } else if (queue.remove(step) || waitingRoom.remove(step)) {
      end(step, error);
    } else {
      // On its way from one place to the next: it is somewhere a moment later.
      Future<?> unused = after(LENIENCE.dividedBy(4), () -> cut(step, queue));
    }
  }

  /** What cannot even be answered goes back to the server; a timer would keep it to itself. */
  private void end(Step step, StepError error) {
    try {
      end.ended(step, new StepOutcome.Failure(error));
    } catch (RuntimeException | Error e) {
      log.atError().setCause(e).log("A step could not be ended at its deadline");
      step.handBack();
    }
  }

  private static Thread interrupt(Step step, Thread thread) {
    thread.interrupt();
    return thread;
  }

  private Future<?> after(Duration delay, Runnable task) {
    return timer.schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS);
  }
}
