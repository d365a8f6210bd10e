package io.beamline.worker.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** How much a total grew lately. */
class RecentCountTest {

  private static final long MS = 1_000_000;

  private final RecentCount count = new RecentCount(Duration.ofMillis(100));

  @Test
  void countsFromTheFirstSampleOn() {
    assertThat(count.upTo(0, 1_000)).isZero();
    assertThat(count.upTo(MS, 1_010)).isEqualTo(10);
    assertThat(count.upTo(50 * MS, 1_500)).isEqualTo(500);
  }

  @Test
  void followsASteadyRate() {
    for (int ms = 0; ms <= 1_000; ms++) {
      int counted = count.upTo(ms * MS, 20L * ms);
      if (ms > 200) {
        assertThat(counted).isBetween(1_900, 2_000);
      }
    }
  }

  @Test
  void forgetsWhenNothingHappensAnyMore() {
    for (int ms = 0; ms <= 500; ms++) {
      count.upTo(ms * MS, ms);
    }

    int after = 0;
    for (int ms = 501; ms <= 615; ms++) {
      after = count.upTo(ms * MS, 500);
    }

    assertThat(after).isZero();
  }

  @Test
  void spreadsAGrowthOverTheTimeSinceTheLastSample() {
    count.upTo(0, 0);

    assertThat(count.upTo(1_000 * MS, 50)).isEqualTo(5);
    assertThat(count.upTo(600_000 * MS, 60)).isZero();
  }

  @Test
  void countsNothingWithinNoTime() {
    RecentCount none = new RecentCount(Duration.ZERO);
    none.upTo(0, 0);

    assertThat(none.upTo(MS, 100)).isZero();
  }
}
