package io.beamline.worker.rollout.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class RankTestTest {

  /** Values 1, 1, 2, 2, 3, 5, 7, 9 against 2, 3, 3, 4, 6, 8, 9, 10, 10. */
  private static final RankedStratum TIED =
      new RankedStratum(
          new long[] {0, 2, 2, 1, 0, 1, 0, 1, 0, 1, 0},
          new long[] {0, 0, 1, 2, 1, 0, 1, 0, 1, 1, 2});

  @Test
  void isMannAndWhitneysTestForOnePair() {
    TestResult result = RankTest.of(List.of(TIED));

    assertThat(result.test()).isEqualTo("Mann-Whitney test");
    assertThat(result.p()).isCloseTo(0.0899987287, within(1e-8));
    assertThat(RankTest.z(List.of(TIED))).isNegative();
  }

  @Test
  void isVanElterensTestForSeveral() {
    RankedStratum first = new RankedStratum(new long[] {2, 2, 1, 1}, new long[] {0, 1, 2, 4});
    RankedStratum second = new RankedStratum(new long[] {1, 2, 1, 0}, new long[] {0, 1, 3, 1});

    TestResult result = RankTest.of(List.of(first, second));

    assertThat(result.test()).isEqualTo("van Elteren test");
    assertThat(RankTest.z(List.of(first, second))).isCloseTo(-2.5699114839, within(1e-8));
    assertThat(result.p()).isCloseTo(0.0101724503, within(1e-8));
  }

  @Test
  void seesNoDifferenceWhereAllIsTheSame() {
    assertThat(RankTest.of(List.of(new RankedStratum(new long[] {0, 9}, new long[] {0, 7}))).p())
        .isEqualTo(1, within(1e-6));
    assertThat(RankTest.of(List.of(new RankedStratum(new long[] {4, 4}, new long[] {8, 8}))).p())
        .isEqualTo(1, within(1e-6));
  }

  @Test
  void holdsForBillions() {
    long many = 5_000_000_000L;
    RankedStratum shifted =
        new RankedStratum(new long[] {many, many + 1_000_000}, new long[] {many + 1_000_000, many});

    assertThat(RankTest.of(List.of(shifted)).p()).isBetween(0.0, 1e-9);
  }
}
