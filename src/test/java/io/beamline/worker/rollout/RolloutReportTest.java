package io.beamline.worker.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RolloutReportTest {

  @ParameterizedTest
  @CsvSource({
    "1600, 1600",
    "160000, 160000",
    "123456, 123500",
    "741.66, 741.7",
    "20, 20",
    "0.5, 0.5",
    "0, 0",
    "0.0000012, 0.000001",
    "3.602E-12, 0"
  })
  void writesNumbersWithoutAnExponent(double value, String written) {
    assertThat(RolloutReport.rounded(value)).hasToString(written);
  }
}
