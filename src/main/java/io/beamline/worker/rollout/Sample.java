package io.beamline.worker.rollout;

import io.beamline.worker.contract.StepStatus;
import io.beamline.worker.rollout.statistics.Quantiles;
import io.beamline.worker.rollout.statistics.TimeBuckets;
import java.util.stream.LongStream;

/** Counts of steps that ended. Immutable: nobody changes its arrays. */
final class Sample {

  static final Sample EMPTY =
      new Sample(new long[OutcomeIndex.COUNT], new long[TimeBuckets.COUNT], 0);

  private final long[] outcomes;
  private final long[] times;
  private final long rejections;

  Sample(long[] outcomes, long[] times, long rejections) {
    this.outcomes = outcomes;
    this.times = times;
    this.rejections = rejections;
  }

  /** Returns the sum of both. */
  Sample plus(Sample other) {
    if (other == EMPTY || this == EMPTY) {
      return other == EMPTY ? this : other;
    }
    return new Sample(
        sum(outcomes, other.outcomes), sum(times, other.times), rejections + other.rejections);
  }

  /** Returns the number of steps. */
  long count() {
    return LongStream.of(outcomes).sum();
  }

  /** Returns the number of steps with this status. */
  long count(StepStatus status) {
    return from(status, 0);
  }

  /** Returns the number of steps with two or more attempts. */
  long retried() {
    long retried = 0;
    for (StepStatus status : StepStatus.values()) {
      retried += from(status, 2);
    }
    return retried;
  }

  /** Returns the number of steps with two or more attempts that succeeded. */
  long helped() {
    return from(StepStatus.SUCCESS, 2);
  }

  /** Returns the number of steps by their number of attempts, 0 to 20. */
  long[] attempts() {
    long[] attempts = new long[OutcomeIndex.ATTEMPTS];
    for (int i = 0; i < outcomes.length; i++) {
      attempts[i % OutcomeIndex.ATTEMPTS] += outcomes[i];
    }
    return attempts;
  }

  /** Returns the number of steps in each of the {@link TimeBuckets}. */
  long[] times() {
    return times.clone();
  }

  /**
   * Returns a quantile of the time from arrival to result, in ms; {@code share} is above 0, at most
   * 1.
   */
  double quantileMillis(double share) {
    return TimeBuckets.millis(
        Quantiles.quantile(LongStream.of(times).asDoubleStream().toArray(), share));
  }

  /** Returns the number of steps that a full queue refused or dropped. */
  long rejections() {
    return rejections;
  }

  private long from(StepStatus status, int minAttempts) {
    long sum = 0;
    for (int attempts = minAttempts; attempts < OutcomeIndex.ATTEMPTS; attempts++) {
      sum += outcomes[OutcomeIndex.of(status, attempts)];
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
