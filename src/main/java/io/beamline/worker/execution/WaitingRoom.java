package io.beamline.worker.execution;

import io.beamline.worker.contract.StepError;
import io.beamline.worker.observability.logging.IdentityFields;
import io.beamline.worker.retry.RedeliveryPause;
import io.beamline.worker.timeout.TimeSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Holds steps that wait for an attempt without a slot or a thread. The number of steps is bounded.
 * Thread-safe.
 */
public final class WaitingRoom implements Place {

  private static final Logger log = LoggerFactory.getLogger(WaitingRoom.class);

  /** The wait of a step that is held; it ends when the step is let go, or at its deadline. */
  private static final Duration UNTIL_LET_GO = Duration.ofDays(36_500);

  private final ScheduledExecutorService timer;
  private final int maxWaiting;
  private final RedeliveryPause redelivery;
  private final StepEnd end;
  private final TimeSource time;

  /** The waiting steps with their timers; the timer is null until it has started. */
  private final Map<Step, @Nullable Future<?>> waiting = new HashMap<>();

  /** Those of the waiting steps that wait for their destination, and have no timer. */
  private final Set<Step> held = new HashSet<>();

  private boolean closed;

  WaitingRoom(
      ScheduledExecutorService timer,
      int maxWaiting,
      RedeliveryPause redelivery,
      StepEnd end,
      TimeSource time) {
    this.timer = timer;
    this.maxWaiting = maxWaiting;
    this.redelivery = redelivery;
    this.end = end;
    this.time = time;
  }

  /**
   * Lets a step wait after a failed attempt, and then queues it, unless it has ended meanwhile.
   *
   * @param error the error of the attempt
   * @param endNanos when the attempt failed, on the monotonic clock
   * @return false if the room is full or closed; then nothing has changed
   */
  boolean enter(Step step, StepError error, Duration wait, long endNanos, AttemptQueue next) {
    return admit(step, error, wait, endNanos, next);
  }

  /**
   * Lets a suspect wait before its first attempt, at most for half of the time until its deadline.
   *
   * @return false if the step is not a suspect, or the room is full or closed
   */
  public boolean enterSuspect(Step step, AttemptQueue next) {
    Duration wait = redelivery.before(step.answer().delivery().count());
    return !wait.isZero()
        && admit(step, null, atMostHalfTheTimeLeft(step, wait), time.nanos(), next);
  }

  /**
   * Lets a step wait without a timer, for its destination.
   *
   * @param place where it waits, which calls {@link #letGo} or {@link #waitOn}
   * @return false if the room is full or closed; then nothing has changed
   */
  boolean hold(Step step, Place place) {
    synchronized (waiting) {
      if (closed || waiting.size() >= maxWaiting) {
        return false;
      }
      waiting.put(step, null);
      held.add(step);
    }
    if (!step.pause(null, place, UNTIL_LET_GO, time.nanos())) {
      boolean unused = letGo(step);
    }
    return true;
  }

  /** Removes a step that was held. Returns false if it was not there any more. */
  boolean letGo(Step step) {
    synchronized (waiting) {
      if (!held.remove(step)) {
        return false;
      }
      waiting.remove(step);
      return true;
    }
  }

  /** Queues a step that was held, after one more wait, unless it has ended meanwhile. */
  void waitOn(Step step, Duration wait, AttemptQueue next) {
    synchronized (waiting) {
      if (!held.remove(step)) {
        return;
      }
    }
    if (step.pause(null, this, wait, time.nanos())) {
      startTimer(step, wait, next);
    } else {
      release(step);
    }
  }

  /** Removes a step that no longer waits, and cancels its timer. */
  @Override
  public void release(Step step) {
    Future<?> started;
    synchronized (waiting) {
      started = waiting.remove(step);
    }
    if (started != null) {
      boolean unused = started.cancel(false);
    }
  }

  /** Returns the number of waiting steps, without those that wait for their destination. */
  public int size() {
    synchronized (waiting) {
      return waiting.size() - held.size();
    }
  }

  /** Closes the room, and removes and returns the waiting steps. */
  public List<Step> close() {
    synchronized (waiting) {
      closed = true;
      List<Step> rest = new ArrayList<>(waiting.keySet());
      waiting.clear();
      held.clear();
      return rest;
    }
  }

  private boolean admit(
      Step step, @Nullable StepError error, Duration wait, long nowNanos, AttemptQueue next) {
    synchronized (waiting) {
      if (closed || waiting.size() >= maxWaiting) {
        return false;
      }
      waiting.put(step, null);
    }
    if (step.pause(error, this, wait, nowNanos)) {
      startTimer(step, wait, next);
    } else {
      release(step);
    }
    return true;
  }

  private void startTimer(Step step, Duration wait, AttemptQueue next) {
    Future<?> started =
        timer.schedule(() -> leave(step, next), wait.toNanos(), TimeUnit.NANOSECONDS);
    synchronized (waiting) {
      if (waiting.containsKey(step)) {
        waiting.put(step, started);
        return;
      }
    }
    boolean unused = started.cancel(false);
  }

  private Duration atMostHalfTheTimeLeft(Step step, Duration wait) {
    return step.limits().deadline().cap(wait.multipliedBy(2), time.nanos()).dividedBy(2);
  }

  /**
   * Queues a step after its wait. If that throws, hands the step back to the server, because the
   * timer would swallow the exception.
   */
  private void leave(Step step, AttemptQueue next) {
    try {
      synchronized (waiting) {
        if (!waiting.containsKey(step)) {
          return;
        }
        waiting.remove(step);
      }
      next.requeue(step);
    } catch (RuntimeException | Error e) {
      end.handBack(step);
      IdentityFields.add(log.atError(), step.answer().identity())
          .setCause(e)
          .log("A step could not be queued after its wait; it goes back to the server");
    }
  }
}
