package io.beamline.worker.rollout.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProportionTestTest {

  /** Admissions to the six largest departments of Berkeley in 1973, men and women (Bickel). */
  private static final List<Stratum> BERKELEY =
      List.of(
          new Stratum(512, 825, 89, 108),
          new Stratum(353, 560, 17, 25),
          new Stratum(120, 325, 202, 593),
          new Stratum(138, 417, 131, 375),
          new Stratum(53, 191, 94, 393),
          new Stratum(22, 373, 24, 341));

  @ParameterizedTest
  @CsvSource({
    "64, 200, 52, 250, 2.699025910, 0.0069542762",
    "30, 100, 50, 100, -2.886751346, 0.0038924171",
    "1165, 1200, 1012, 1190, 10.330420758, 5.133490897e-25",
    "50, 100, 50, 100, 0, 1"
  })
  void isTheTwoProportionTestForOnePair(
      long hitsWith, long with, long hitsWithout, long without, double z, double p) {
    List<Stratum> pair = List.of(new Stratum(hitsWith, with, hitsWithout, without));

    TestResult result = ProportionTest.of(pair);

    assertThat(ProportionTest.z(pair)).isCloseTo(z, within(1e-8));
    assertThat(result.test()).isEqualTo("two-proportion z-test");
    assertThat(result.p()).isCloseTo(p, Percentage.withPercentage(0.001));
  }

  @ParameterizedTest
  @CsvSource({
    "2, 17, 10, 13, 0.0005367241191",
    "3, 4, 1, 4, 0.4857142857",
    "1200, 1200, 1188, 1195, 0.007631367077",
    "0, 500, 15, 500, 5.486640973e-05",
    "0, 300, 0, 200, 1",
    "300, 300, 200, 200, 1",
    "4, 9000000000, 0, 9000000000, 0.125"
  })
  void isFishersTestWhereLittleIsToBeExpected(
      long hitsWith, long with, long hitsWithout, long without, double p) {
    TestResult result =
        ProportionTest.of(List.of(new Stratum(hitsWith, with, hitsWithout, without)));

    assertThat(result.test()).isEqualTo("Fisher's exact test");
    assertThat(result.p()).isCloseTo(p, Percentage.withPercentage(0.001));
  }

  @Test
  void comparesEachPairByItself() {
    TestResult result = ProportionTest.of(BERKELEY);

    assertThat(ProportionTest.z(BERKELEY)).isCloseTo(-1.234749635, within(1e-8));
    assertThat(result.test()).isEqualTo("Mantel-Haenszel test");
    assertThat(result.p()).isCloseTo(0.2169236971, within(1e-6));
    assertThat(ProportionTest.shareWith(BERKELEY))
        .as("men were not favoured, though pooled it looks so")
        .isLessThan(ProportionTest.shareWithout(BERKELEY));
  }

  @Test
  void isExactForSeveralPairsWhereLittleIsToBeExpected() {
    TestResult few =
        ProportionTest.of(List.of(new Stratum(3, 10, 1, 12), new Stratum(4, 9, 2, 15)));
    TestResult rare =
        ProportionTest.of(List.of(new Stratum(0, 150, 6, 150), new Stratum(1, 200, 7, 180)));

    assertThat(few.test()).isEqualTo("exact Mantel-Haenszel test").isEqualTo(rare.test());
    assertThat(few.p()).isCloseTo(0.0670620042, within(1e-9));
    assertThat(rare.p()).isCloseTo(0.0006513787, within(1e-9));
  }

  @Test
  void sharesOfOnePairAreThePlainOnes() {
    List<Stratum> pair = List.of(new Stratum(30, 100, 50, 400));

    assertThat(ProportionTest.shareWith(pair)).isCloseTo(0.3, within(1e-12));
    assertThat(ProportionTest.shareWithout(pair)).isCloseTo(0.125, within(1e-12));
  }
}
