package io.beamline.worker.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.beamline.worker.config.QueueProperties.Thresholds;
import io.beamline.worker.contract.Overload;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OverloadScaleTest {

  @ParameterizedTest
  @CsvSource({
    "1000,    0, HEALTHY",
    "1000,  499, HEALTHY",
    "1000,  500, DEGRADED",
    "1000,  799, DEGRADED",
    "1000,  800, OVERLOADED",
    "1000,  999, OVERLOADED",
    "1000, 1000, CRITICAL",
    "1000, 5000, CRITICAL",
    "  10,    8, OVERLOADED",
    "   3,    1, HEALTHY",
    "   3,    2, DEGRADED",
    "   1,    0, HEALTHY",
    "   1,    1, CRITICAL"
  })
  void tellsTheStatusByDepthAndLimit(int limit, int depth, OverloadStatus status) {
    assertThat(scale(limit, 0.5, 0.8).of(depth)).isEqualTo(status);
  }

  @ParameterizedTest
  @CsvSource({
    "0.55, 0.7,   54, HEALTHY",
    "0.55, 0.7,   55, DEGRADED",
    "0.55, 0.7,   70, OVERLOADED",
    "0.0,  0.0,    0, OVERLOADED",
    "1.0,  1.0,   99, HEALTHY",
    "1.0,  1.0,  100, CRITICAL"
  })
  void takesItsThresholdsFromTheSettings(
      double degraded, double overloaded, int depth, OverloadStatus status) {
    assertThat(scale(100, degraded, overloaded).of(depth)).isEqualTo(status);
  }

  @ParameterizedTest
  @CsvSource({
    "HEALTHY,    1000,  500, DEGRADED",
    "HEALTHY,    1000, 1000, CRITICAL",
    "CRITICAL,   1000,  950, CRITICAL",
    "CRITICAL,   1000,  949, OVERLOADED",
    "CRITICAL,   1000,  700, DEGRADED",
    "CRITICAL,   1000,  760, OVERLOADED",
    "OVERLOADED, 1000,  750, OVERLOADED",
    "OVERLOADED, 1000,  749, DEGRADED",
    "DEGRADED,   1000,  450, DEGRADED",
    "DEGRADED,   1000,  449, HEALTHY",
    "CRITICAL,     10,    9, CRITICAL",
    "CRITICAL,     10,    8, OVERLOADED",
    "CRITICAL,      1,    0, HEALTHY",
    "DEGRADED,      2,    0, HEALTHY"
  })
  void fallsOnlyWhenTheDepthLiesClearlyBelow(
      OverloadStatus before, int limit, int depth, OverloadStatus after) {
    assertThat(scale(limit, 0.5, 0.8).after(before, depth)).isEqualTo(after);
  }

  @Test
  void namesAndNumbersAreThoseOfTheContract() {
    assertThat(scale(10, 0.5, 0.8).overload(5)).isEqualTo(new Overload("degraded", 5));
    assertThat(OverloadStatus.values())
        .extracting(OverloadStatus::wireName)
        .containsExactly("healthy", "degraded", "overloaded", "critical");
    assertThat(OverloadStatus.values())
        .extracting(OverloadStatus::level)
        .containsExactly(0, 1, 2, 3);
  }

  private static OverloadScale scale(int limit, double degraded, double overloaded) {
    return new OverloadScale(limit, new Thresholds(degraded, overloaded));
  }
}
