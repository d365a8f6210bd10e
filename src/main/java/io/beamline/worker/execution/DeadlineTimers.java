package io.beamline.worker.execution;

import io.beamline.worker.timeout.TimeSource;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Timers for deadlines, which most steps never need: one gets its timer when it is older than 100
 * ms, or at once when its deadline is near. Thread-safe.
 */
final class DeadlineTimers {

  private static final Logger log = LoggerFactory.getLogger(DeadlineTimers.class);

  /** The age from which on a step has a timer; reached at most as much later. */
  static final Duration YOUTH = Duration.ofMillis(100);

  private static final Duration NEAR = YOUTH.multipliedBy(4);

  private final ScheduledExecutorService timer;
  private final TimeSource time;
  private final BiConsumer<Step, AttemptQueue> passed;
  private final Queue<Watched> young = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean looking = new AtomicBoolean();

  /**
   * No timers yet.
   *
   * @param passed told about each step whose deadline has passed before it ended
   */
  DeadlineTimers(
      ScheduledExecutorService timer, TimeSource time, BiConsumer<Step, AttemptQueue> passed) {
    this.timer = timer;
    this.time = time;
    this.passed = passed;
  }

  /** Sees to the deadline of a step that has one. */
  void watch(Watched watched, Step step) {
    if (remaining(step).compareTo(NEAR) < 0) {
      begin(watched);
    } else {
      young.add(watched);
      lookLater();
    }
  }

  private void lookLater() {
    if (!looking.compareAndSet(false, true)) {
      return;
    }
    try {
      Future<?> unused = timer.schedule(this::look, YOUTH.toNanos(), TimeUnit.NANOSECONDS);
    } catch (RuntimeException | Error e) {
      looking.set(false);
      throw e;
    }
  }

  /** Called by one thread at a time. */
  private void look() {
    try {
      beginThoseOfAge();
    } catch (RuntimeException | Error e) {
      log.atError().setCause(e).log("A deadline has no timer yet; it is tried again");
    } finally {
      looking.set(false);
      if (!young.isEmpty()) {
        lookLater();
      }
    }
  }

  private void beginThoseOfAge() {
    long now = time.nanos();
    for (Watched oldest = young.peek();
        oldest != null && now - oldest.sinceNanos() >= YOUTH.toNanos();
        oldest = young.peek()) {
      begin(oldest);
      young.remove();
    }
  }

  private void begin(Watched watched) {
    Step step = watched.step();
    if (step != null) {
      watched.timedBy(
          timer.schedule(
              () -> passed.accept(step, watched.queue()),
              remaining(step).toNanos(),
              TimeUnit.NANOSECONDS));
    }
  }

  private Duration remaining(Step step) {
    return step.limits().deadline().cap(step.limits().total(), time.nanos());
  }
}
