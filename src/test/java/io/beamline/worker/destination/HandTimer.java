package io.beamline.worker.destination;

import io.beamline.worker.support.FakeTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Delayed;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** A timer that runs what is due when a test lets time pass. Used by one thread. */
final class HandTimer extends ScheduledThreadPoolExecutor {

  private final FakeTime time;
  private final List<Planned> planned = new ArrayList<>();

  HandTimer(FakeTime time) {
    super(0);
    this.time = time;
  }

  /** Lets time pass, and runs what is due meanwhile, each at its time. */
  void pass(Duration wait) {
    long end = time.nanos() + wait.toNanos();
    while (true) {
      Planned next =
          planned.stream()
              .filter(each -> !each.isDone() && each.atNanos <= end)
              .min(Comparator.comparingLong(each -> each.atNanos))
              .orElse(null);
      if (next == null) {
        break;
      }
      planned.remove(next);
      time.advance(Duration.ofNanos(Math.max(0, next.atNanos - time.nanos())));
      next.run();
    }
    time.advance(Duration.ofNanos(end - time.nanos()));
  }

  @Override
  public void execute(Runnable command) {
    command.run();
  }

  @Override
  public ScheduledFuture<?> schedule(Runnable command, long delay, TimeUnit unit) {
    Planned task = new Planned(command, time.nanos() + unit.toNanos(delay));
    planned.add(task);
    return task;
  }

  private final class Planned extends FutureTask<Void> implements ScheduledFuture<Void> {

    private final long atNanos;

    Planned(Runnable command, long atNanos) {
      super(command, null);
      this.atNanos = atNanos;
    }

    @Override
    public long getDelay(TimeUnit unit) {
      return unit.convert(atNanos - time.nanos(), TimeUnit.NANOSECONDS);
    }

    @Override
    public int compareTo(Delayed other) {
      return Long.compare(getDelay(TimeUnit.NANOSECONDS), other.getDelay(TimeUnit.NANOSECONDS));
    }
  }
}
