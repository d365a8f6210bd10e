package io.beamline.worker.retry;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RedeliveryPauseTest {

  @ParameterizedTest
  @CsvSource({
    "1, 0",
    "2, 0",
    "3, 0",
    "4, 500",
    "5, 1000",
    "6, 1500",
    "8, 2500",
    "9, 2500",
    "1000000, 2500"
  })
  void growsWithTheDeliveriesUpToABound(long deliveries, long expectedMs) {
    RedeliveryPause pause = new RedeliveryPause(() -> 0.5);

    assertThat(pause.before(deliveries)).isEqualTo(Duration.ofMillis(expectedMs));
  }

  @ParameterizedTest
  @CsvSource({"0.0, 0", "0.25, 1250", "0.75, 3750"})
  void isSpreadByChance(double random, long expectedMs) {
    RedeliveryPause pause = new RedeliveryPause(() -> random);

    assertThat(pause.before(20)).isEqualTo(Duration.ofMillis(expectedMs));
  }
}
