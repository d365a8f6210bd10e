package io.beamline.worker.retry;

import static org.assertj.core.api.Assertions.assertThat;

import io.beamline.worker.support.RandomCases;
import io.beamline.worker.support.RandomValues;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ExponentialBackoffTest {

  @Test
  void doublesUpToTheLimit() {
    ExponentialBackoff backoff = backoff(100, 2.0, 30_000, Jitter.NONE, 0);

    List<Long> waits =
        IntStream.rangeClosed(1, 11).mapToObj(n -> backoff.delayBefore(n).toMillis()).toList();

    assertThat(waits)
        .containsExactly(
            100L, 200L, 400L, 800L, 1_600L, 3_200L, 6_400L, 12_800L, 25_600L, 30_000L, 30_000L);
  }

  @RandomCases(1_000)
  void growsAndNeverPassesTheLimit(RandomValues random) {
    long max = random.between(1, 3_600_000);
    int retry = random.between(1, 1_000);
    ExponentialBackoff backoff =
        backoff(random.between(1, 60_000), random.between(1.0, 10.0), max, Jitter.NONE, 0);

    assertThat(backoff.delayBefore(retry)).isPositive().isLessThanOrEqualTo(Duration.ofMillis(max));
    assertThat(backoff.delayBefore(retry + 1)).isGreaterThanOrEqualTo(backoff.delayBefore(retry));
  }

  @RandomCases(500)
  void variesWithinItsBounds(RandomValues random) {
    double chance = random.between(0.0, Math.nextDown(1.0));
    int retry = random.between(1, 20);
    Duration whole = backoff(100, 2.0, 30_000, Jitter.NONE, chance).delayBefore(retry);

    assertThat(backoff(100, 2.0, 30_000, Jitter.FULL, chance).delayBefore(retry))
        .isBetween(Duration.ZERO, whole);
    assertThat(backoff(100, 2.0, 30_000, Jitter.EQUAL, chance).delayBefore(retry))
        .isBetween(whole.dividedBy(2), whole);
  }

  private static ExponentialBackoff backoff(
      long base, double multiplier, long max, Jitter jitter, double random) {
    return new ExponentialBackoff(
        Duration.ofMillis(base), multiplier, Duration.ofMillis(max), jitter, () -> random);
  }
}
