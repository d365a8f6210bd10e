package io.beamline.worker.execution;

import io.beamline.worker.contract.StepError;
import io.beamline.worker.observability.logging.IdentityFields;
import io.beamline.worker.retry.RedeliveryPause;
import io.beamline.worker.timeout.TimeSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where steps wait for an attempt, holding neither a slot nor a thread. Bounded in number.
 * Thread-safe.
 */
public final class WaitingRoom implements Place {

  private static final Logger log = LoggerFactory.getLogger(WaitingRoom.class);

  private final ScheduledExecutorService timer;
  private final int maxWaiting;
  private final RedeliveryPause redelivery;
  private final StepEnd end;
  private final TimeSource time;

  /** Each step that waits, with its timer once that has started. */
  private final Map<Step, @Nullable Future<?>> waiting = new HashMap<>();

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
   * Lets a step wait whose attempt has failed, and then queues it; unless it has ended meanwhile.
   *
   * @param error why the attempt failed
   * @param endNanos when it did, on the monotonic clock
   * @return false when there is no room, or no more waiting; nothing has changed then
   */
  boolean enter(Step step, StepError error, Duration wait, long endNanos, AttemptQueue next) {
    return admit(step, error, wait, endNanos, next);
  }

  /**
   * Lets a new step wait before its first attempt that may have been the death of its workers, for
   * half of its time at most; false when it is no such step, or as {@link #enter} says.
   */
  public boolean enterSuspect(Step step, AttemptQueue next) {
    Duration wait = redelivery.before(step.answer().delivery().count());
    return !wait.isZero() && admit(step, null, withTimeToRun(step, wait), time.nanos(), next);
  }

  /** Takes a step out that does not wait any more. */
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

  /** Steps that wait. */
  public int size() {
    synchronized (waiting) {
      return waiting.size();
    }
  }

  /** Ends all waiting and gives the steps that waited. */
  public List<Step> close() {
    synchronized (waiting) {
      closed = true;
      List<Step> rest = new ArrayList<>(waiting.keySet());
      waiting.clear();
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

  private Duration withTimeToRun(Step step, Duration wait) {
    return step.limits().deadline().cap(wait.multipliedBy(2), time.nanos()).dividedBy(2);
  }

  /** A timer keeps what its task throws to itself, so the step goes back to the server then. */
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
