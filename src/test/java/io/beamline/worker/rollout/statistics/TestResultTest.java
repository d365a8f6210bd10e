package io.beamline.worker.rollout.statistics;

import static org.assertj.core.api.Assertions.assertThat;

import org.assertj.core.data.Percentage;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TestResultTest {

  @ParameterizedTest
  @CsvSource({
    "0, 1",
    "0.5, 0.6170750774519738",
    "-1, 0.31731050786291415",
    "1.96, 0.04999579029644087",
    "-2.575829, 0.010000008778481622",
    "3.29, 0.0010018738275714444",
    "6, 1.973175290075389e-9",
    "10, 1.523970604832094e-23"
  })
  void computesTheTwoSidedProbabilityOfAScore(double z, double p) {
    assertThat(TestResult.ofScore("test", z).p()).isCloseTo(p, Percentage.withPercentage(1e-9));
  }
}
