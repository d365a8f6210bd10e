package io.beamline.worker.execution;

import io.beamline.worker.timeout.TimeSource;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts the timers of deadlines. Most steps end long before their deadline. So an entry gets a
 * timer only once it is {@link #TIMER_DELAY} old, or at once if its deadline is near. Thread-safe.
 */
final class DeadlineTimers {

  private static final Logger log = LoggerFactory.getLogger(DeadlineTimers.class);

  /** The age at which an entry is due for a timer. It gets the timer at most this much later. */
  static final Duration TIMER_DELAY = Duration.ofMillis(100);

  private static final Duration NEAR = TIMER_DELAY.multipliedBy(4);

  private final ScheduledExecutorService timer;
  private final TimeSource time;
  private final Queue<DeadlineEntry> untimed = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean scheduled = new AtomicBoolean();

  DeadlineTimers(ScheduledExecutorService timer, TimeSource time) {
    this.timer = timer;
    this.time = time;
  }

  /** Calls {@link DeadlineEntry#fire} when the deadline passes, unless the entry is cancelled. */
  void add(DeadlineEntry entry) {
    if (entry.remaining(time.nanos()).compareTo(NEAR) < 0) {
      startTimer(entry);
    } else {
      untimed.add(entry);
      schedulePass();
    }
  }

  private void schedulePass() {
    if (!scheduled.compareAndSet(false, true)) {
      return;
    }
    try {
      Future<?> unused = timer.schedule(this::pass, TIMER_DELAY.toNanos(), TimeUnit.NANOSECONDS);
    } catch (RuntimeException | Error e) {
      scheduled.set(false);
      throw e;
    }
  }

  /** Runs on one thread at a time. */
  private void pass() {
    try {
      startTimersOfOldEntries();
    } catch (RuntimeException | Error e) {
      log.atError().setCause(e).log("A deadline could not get its timer; retrying");
    } finally {
      scheduled.set(false);
      if (!untimed.isEmpty()) {
        schedulePass();
      }
    }
  }

  private void startTimersOfOldEntries() {
    long now = time.nanos();
    for (DeadlineEntry oldest = untimed.peek();
        oldest != null && oldest.ageNanos(now) >= TIMER_DELAY.toNanos();
        oldest = untimed.peek()) {
      startTimer(oldest);
      untimed.remove();
    }
  }

  private void startTimer(DeadlineEntry entry) {
    if (!entry.isCancelled()) {
      long nanos = entry.remaining(time.nanos()).toNanos();
      entry.setTimer(timer.schedule(entry::fire, nanos, TimeUnit.NANOSECONDS));
    }
  }
}
