package io.beamline.worker.result;

import io.beamline.worker.timeout.Durations;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.scheduling.TaskScheduler;

/**
 * Runs the renewal of leases as often as the time to the next check asks for, and not more often:
 * an idle worker should sleep. Each pace is a task with a fixed delay of its own, and ends only
 * once the next one is there, so that a failure leaves one that runs. Its task runs on one thread
 * at a time.
 */
final class RenewalTimer {

  /** The shortest time between two runs. */
  static final Duration FASTEST = Duration.ofMillis(50);

  /** The longest time between two runs. */
  static final Duration SLOWEST = Duration.ofSeconds(1);

  private static final int RUNS_PER_CHECK = 4;

  private final TaskScheduler timer;
  private final Runnable renewal;
  private final Supplier<Duration> checkInterval;
  private Duration pace = FASTEST;
  private @Nullable Future<?> running;

  /**
   * Creates a timer that does nothing yet.
   *
   * @param renewal checks whether renewals are due
   * @param checkInterval returns the present time from one check to the next
   */
  RenewalTimer(TaskScheduler timer, Runnable renewal, Supplier<Duration> checkInterval) {
    this.timer = timer;
    this.renewal = renewal;
    this.checkInterval = checkInterval;
  }

  /** Starts the runs. Called once. */
  synchronized void start() {
    running = timer.scheduleWithFixedDelay(this::run, pace);
  }

  private void run() {
    renewal.run();
    Duration wanted = paceOf(checkInterval.get());
    if (!wanted.equals(pace)) {
      change(wanted);
    }
  }

  private synchronized void change(Duration wanted) {
    Future<?> next = timer.scheduleWithFixedDelay(this::run, wanted);
    if (running != null) {
      running.cancel(false);
    }
    running = next;
    pace = wanted;
  }

  /** Returns the time between two runs: a quarter of the time to the next check, within limits. */
  static Duration paceOf(Duration checkInterval) {
    Duration quarter = checkInterval.dividedBy(RUNS_PER_CHECK);
    return quarter.compareTo(FASTEST) < 0 ? FASTEST : Durations.shorter(quarter, SLOWEST);
  }
}
