package io.beamline.worker.rollout;

import io.beamline.worker.contract.StepStatus;
import io.beamline.worker.rollout.statistics.Bins;
import io.beamline.worker.rollout.statistics.TimeBuckets;
import java.util.stream.LongStream;

/** Steps that ended, counted. Immutable; its arrays are never changed by anybody. */
final class Sample {

  static final Sample EMPTY = new Sample(new long[EndIndex.COUNT], new long[TimeBuckets.COUNT], 0);

  private final long[] endings;
  private final long[] times;
  private final long rejections;

  Sample(long[] endings, long[] times, long rejections) {
    this.endings = endings;
    this.times = times;
    this.rejections = rejections;
  }

  /** Both together. */
  Sample plus(Sample other) {
    if (other == EMPTY || this == EMPTY) {
      return other == EMPTY ? this : other;
    }
    return new Sample(
        sum(endings, other.endings), sum(times, other.times), rejections + other.rejections);
  }

  /** Steps that ended. */
  long count() {
    return LongStream.of(endings).sum();
  }

  /** Steps that ended so. */
  long count(StepStatus status) {
    return from(status, 0);
  }

  /** Steps that had a second attempt. */
  long retried() {
    long retried = 0;
    for (StepStatus status : StepStatus.values()) {
      retried += from(status, 2);
    }
    return retried;
  }

  /** Steps that had a second attempt and ended well. */
  long helped() {
    return from(StepStatus.SUCCESS, 2);
  }

  /** How many steps had 0, 1, 2 … attempts. */
  long[] attempts() {
    long[] attempts = new long[EndIndex.ATTEMPTS];
    for (int i = 0; i < endings.length; i++) {
      attempts[i % EndIndex.ATTEMPTS] += endings[i];
    }
    return attempts;
  }

  /** How many steps took so long, by {@link TimeBuckets}. */
  long[] times() {
    return times.clone();
  }

  /** The time from arrival to result within which this share of the steps ended, in ms. */
  double quantileMillis(double share) {
    return TimeBuckets.millis(
        Bins.quantile(LongStream.of(times).asDoubleStream().toArray(), share));
  }

  /** Steps that a full queue had no room for. */
  long rejections() {
    return rejections;
  }

  private long from(StepStatus status, int leastAttempts) {
    long sum = 0;
    for (int attempts = leastAttempts; attempts < EndIndex.ATTEMPTS; attempts++) {
      sum += endings[EndIndex.place(status, attempts)];
    }
    return sum;
  }

  private static long[] sum(long[] one, long[] other) {
    long[] sum = one.clone();
    for (int i = 0; i < sum.length; i++) {
      sum[i] += other[i];
    }
    return sum;
  }
}
