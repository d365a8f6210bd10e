package io.beamline.worker.result;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.scheduling.concurrent.ThreadPoolTaskScheduler;

class RenewalTimerTest {

  @ParameterizedTest
  @CsvSource({"2500, 250", "83, 50", "1000, 100", "300000, 250", "0, 50"})
  void runsTenTimesForEachCheckWithinLimits(long checkMillis, long paceMillis) {
    assertThat(RenewalTimer.paceOf(Duration.ofMillis(checkMillis)))
        .isEqualTo(Duration.ofMillis(paceMillis));
  }

  @Test
  void goesOnAtEachPaceWithOneTask() {
    ThreadPoolTaskScheduler timer = new ThreadPoolTaskScheduler();
    timer.setRemoveOnCancelPolicy(true);
    timer.initialize();
    try {
      AtomicInteger runs = new AtomicInteger();
      AtomicReference<Duration> check = new AtomicReference<>(Duration.ofSeconds(1));
      new RenewalTimer(timer, runs::incrementAndGet, check::get).start();
      await().until(() -> runs.get() >= 3);
      check.set(Duration.ofSeconds(30));
      int before = runs.get();
      await().until(() -> runs.get() >= before + 3);
      assertThat(timer.getScheduledThreadPoolExecutor().getQueue()).hasSizeLessThanOrEqualTo(1);
      check.set(Duration.ofMillis(10));
      int slow = runs.get();
      await().until(() -> runs.get() >= slow + 3);
    } finally {
      timer.shutdown();
    }
  }
}
