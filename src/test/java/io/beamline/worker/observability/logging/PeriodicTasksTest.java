package io.beamline.worker.observability.logging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.mockito.Mockito.mock;

import io.beamline.worker.support.LogLines;
import io.beamline.worker.timeout.TimeSource;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.scheduling.concurrent.ThreadPoolTaskScheduler;

/** A periodic task outlives each of its failures, and each is logged. */
class PeriodicTasksTest {

  private static final Duration SOON = Duration.ofSeconds(20);
  private static final Duration OFTEN = Duration.ofMillis(1);

  private final AtomicInteger runs = new AtomicInteger();

  @Test
  void anErrorIsLoggedAndTheTaskRunsAgain() {
    LogThrottle throttle = new LogThrottle(TimeSource.system(), Duration.ofHours(1));
    ThreadPoolTaskScheduler scheduler = PeriodicTasks.scheduler("some-timer-", 1, throttle);
    scheduler.initialize();
    try (LogLines lines = new LogLines()) {
      var unused = scheduler.scheduleWithFixedDelay(this::failTwice, OFTEN);
      await().atMost(SOON).until(() -> runs.get() >= 3);
      throttle.flush();
      assertThat(lines.warnings())
          .containsExactly(
              "A periodic task failed; it runs again [scheduler=\"some-timer-\"] first",
              "A periodic task failed; it runs again [scheduler=\"some-timer-\"] second");
    } finally {
      scheduler.shutdown();
    }
  }

  @Test
  void aFailureThatCannotEvenBeLoggedDoesNotEndTheTask() {
    TimeSource broken =
        mock(
            TimeSource.class,
            call -> {
              throw new OutOfMemoryError("thrown by a test");
            });
    LogThrottle throttle = new LogThrottle(broken, Duration.ofSeconds(1));
    ThreadPoolTaskScheduler scheduler = PeriodicTasks.scheduler("some-timer-", 1, throttle);
    scheduler.initialize();
    try {
      var unused = scheduler.scheduleAtFixedRate(this::failTwice, OFTEN);
      await().atMost(SOON).until(() -> runs.get() >= 3);
    } finally {
      scheduler.shutdown();
    }
  }

  @Test
  void tasksRunOnWhileTheApplicationStops() {
    LogThrottle throttle = new LogThrottle(TimeSource.system(), Duration.ofSeconds(1));
    GenericApplicationContext context = new GenericApplicationContext();
    context.registerBean(
        ThreadPoolTaskScheduler.class, () -> PeriodicTasks.scheduler("some-timer-", 1, throttle));
    context.registerBean(Stopping.class, () -> new Stopping(runs));
    context.refresh();
    var unused =
        context
            .getBean(ThreadPoolTaskScheduler.class)
            .scheduleWithFixedDelay(runs::incrementAndGet, OFTEN);

    Stopping stopping = context.getBean(Stopping.class);
    context.close();

    assertThat(stopping.sawRuns).isTrue();
  }

  private void failTwice() {
    switch (runs.incrementAndGet()) {
      case 1 -> throw new IllegalStateException("first");
      case 2 -> throw new StackOverflowError("second");
      default -> {}
    }
  }

  /** A part of the application that stops, and still needs its periodic task. */
  private static final class Stopping implements SmartLifecycle {

    private final AtomicInteger runs;
    private boolean running;
    private boolean sawRuns;

    Stopping(AtomicInteger runs) {
      this.runs = runs;
    }

    @Override
    public void start() {
      running = true;
    }

    @Override
    public void stop() {
      int before = runs.get();
      await().atMost(SOON).until(() -> runs.get() > before + 2);
      sawRuns = true;
      running = false;
    }

    @Override
    public boolean isRunning() {
      return running;
    }

    @Override
    public int getPhase() {
      return 0;
    }
  }
}
