package io.beamline.worker.execution;

import io.beamline.worker.retry.RedeliveryPause;
import io.beamline.worker.timeout.TimeSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Where steps wait for an attempt, holding neither a slot nor a thread. Bounded in number.
 * Thread-safe.
 */
public final class WaitingRoom {

  private final ScheduledExecutorService timer;
  private final int maxWaiting;
  private final RedeliveryPause redelivery;
  private final TimeSource time;
  private final Set<Step> waiting = new HashSet<>();
  private boolean closed;

  WaitingRoom(
      ScheduledExecutorService timer, int maxWaiting, RedeliveryPause redelivery, TimeSource time) {
    this.timer = timer;
    this.time = time;
    this.redelivery = redelivery;
    this.maxWaiting = maxWaiting;
  }

  /** Lets a step wait, and then sends it on; false when there is no room, or no more waiting. */
  boolean enter(Step step, Duration wait, AttemptQueue next) {
    synchronized (waiting) {
      if (closed || waiting.size() >= maxWaiting) {
        return false;
      }
      waiting.add(step);
    }
    Future<?> unused =
        timer.schedule(() -> leave(step, next), wait.toNanos(), TimeUnit.NANOSECONDS);
    return true;
  }

  /**
   * Lets a new step wait before its first attempt that may have been the death of its workers, for
   * half of its time at most; false when it is no such step, or as {@link #enter} says.
   */
  public boolean enterSuspect(Step step, AttemptQueue next) {
    Duration wait = redelivery.before(step.answer().delivery().count());
    return !wait.isZero() && enter(step, withTimeToRun(step, wait), next);
  }

  /** Takes a step out that waits; false when it does not wait here. */
  boolean remove(Step step) {
    synchronized (waiting) {
      return waiting.remove(step);
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
      List<Step> rest = new ArrayList<>(waiting);
      waiting.clear();
      return rest;
    }
  }

  private Duration withTimeToRun(Step step, Duration wait) {
    return step.limits().deadline().cap(wait.multipliedBy(2), time.nanos()).dividedBy(2);
  }

  private void leave(Step step, AttemptQueue next) {
    if (remove(step)) {
      next.requeue(step);
    }
  }
}
