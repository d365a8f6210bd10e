package io.beamline.worker.rollout.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.Random;
import java.util.stream.DoubleStream;
import java.util.stream.LongStream;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TimeBucketsTest {

  @ParameterizedTest
  @ValueSource(doubles = {0.1, 0.5, 1, 7, 99.9, 100, 1_000, 30_000, 299_999, 3_600_000})
  void staysWithinFivePercent(double millis) {
    int bucket = TimeBuckets.of(Math.round(millis * 1e6));

    assertThat(TimeBuckets.millis(bucket)).isCloseTo(millis, Percentage.withPercentage(5));
    assertThat(TimeBuckets.lowerBoundMillis(bucket)).isLessThan(millis);
  }

  @Test
  void neverGoesBack() {
    int last = 0;
    for (long nanos = 0; nanos < Duration.ofHours(3).toNanos(); nanos += 1 + nanos / 100) {
      int bucket = TimeBuckets.of(nanos);
      assertThat(bucket).isBetween(last, last + 1);
      last = bucket;
    }
    assertThat(last).isEqualTo(TimeBuckets.COUNT - 1);
    assertThat(TimeBuckets.of(Long.MAX_VALUE)).isEqualTo(last);
    assertThat(TimeBuckets.of(-1)).isZero();
    assertThat(TimeBuckets.COUNT).isLessThan(200);
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.01, 0.5, 0.95, 0.99, 1})
  void quantilesOfSamplesAreWithinFivePercentOfTheTrueOnes(double share) {
    long[] sample =
        new Random(7).doubles(10_000).mapToLong(x -> Math.round(1e6 * Math.exp(9 * x))).toArray();
    double[] counts = new double[TimeBuckets.COUNT];
    LongStream.of(sample).forEach(nanos -> counts[TimeBuckets.of(nanos)]++);
    long exact =
        LongStream.of(sample).sorted().toArray()[(int) Math.ceil(share * sample.length) - 1];

    assertThat(TimeBuckets.millis(Quantiles.quantile(counts, share)))
        .isCloseTo(exact / 1e6, Percentage.withPercentage(5));
  }

  @ParameterizedTest
  @CsvSource({"0.5, 1", "0.51, 3", "0.9, 3", "0.91, 5", "1, 5"})
  void aQuantileIsTheFirstValueUpToWhichThatShareLies(double share, int bin) {
    assertThat(Quantiles.quantile(new double[] {0, 50, 0, 40, 0, 10, 0}, share)).isEqualTo(bin);
  }

  /** Of 90 fast, 6 slow and 4 slowest. */
  @ParameterizedTest
  @CsvSource({"0.05, 4", "0.01, 4", "0.09, 2", "0.4, 2", "0.9, 0"})
  void aTailNeverTearsEqualValuesApart(double share, int bin) {
    assertThat(Quantiles.tail(new double[] {90, 0, 6, 0, 4, 0}, share)).isEqualTo(bin);
  }

  @Test
  void weightsMayBeFractions() {
    double[] halves = DoubleStream.of(1, 2, 3, 4).map(weight -> weight / 10).toArray();

    assertThat(Quantiles.quantile(halves, 0.6)).isEqualTo(2);
    assertThat(TimeBuckets.millis(0)).isCloseTo(0.1, within(1e-12));
  }
}
