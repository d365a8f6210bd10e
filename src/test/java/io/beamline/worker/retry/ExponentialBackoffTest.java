package io.beamline.worker.retry;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class ExponentialBackoffTest {

  @Test
  void doublesUpToTheLimit() {
    ExponentialBackoff backoff = backoff(100, 2.0, 30_000, Jitter.NONE, 0);

    List<Long> waits =
        IntStream.rangeClosed(1, 11).mapToObj(n -> backoff.before(n).toMillis()).toList();

    assertThat(waits)
        .containsExactly(
            100L, 200L, 400L, 800L, 1_600L, 3_200L, 6_400L, 12_800L, 25_600L, 30_000L, 30_000L);
  }

  @Property(tries = 1_000)
  void growsAndNeverPassesTheLimit(
      @ForAll @LongRange(min = 1, max = 60_000) long base,
      @ForAll @DoubleRange(min = 1.0, max = 10.0) double multiplier,
      @ForAll @LongRange(min = 1, max = 3_600_000) long max,
      @ForAll @IntRange(min = 1, max = 1_000) int retry) {
    ExponentialBackoff backoff = backoff(base, multiplier, max, Jitter.NONE, 0);

    assertThat(backoff.before(retry)).isPositive().isLessThanOrEqualTo(Duration.ofMillis(max));
    assertThat(backoff.before(retry + 1)).isGreaterThanOrEqualTo(backoff.before(retry));
  }

  @Property(tries = 500)
  void variesWithinItsBounds(
      @ForAll @DoubleRange(min = 0.0, max = 1.0, maxIncluded = false) double random,
      @ForAll @IntRange(min = 1, max = 20) int retry) {
    Duration whole = backoff(100, 2.0, 30_000, Jitter.NONE, random).before(retry);

    assertThat(backoff(100, 2.0, 30_000, Jitter.FULL, random).before(retry))
        .isBetween(Duration.ZERO, whole);
    assertThat(backoff(100, 2.0, 30_000, Jitter.EQUAL, random).before(retry))
        .isBetween(whole.dividedBy(2), whole);
  }

  private static ExponentialBackoff backoff(
      long base, double multiplier, long max, Jitter jitter, double random) {
    return new ExponentialBackoff(
        Duration.ofMillis(base), multiplier, Duration.ofMillis(max), jitter, () -> random);
  }
}
