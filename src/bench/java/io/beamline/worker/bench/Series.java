package io.beamline.worker.bench;

import java.util.List;
import java.util.Locale;
import java.util.function.DoubleBinaryOperator;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * One number of each round, in order.
 *
 * @param values at least one
 */
record Series(List<Double> values) {

  /** A number of each sample. */
  static <T> Series of(List<T> samples, ToDoubleFunction<T> number) {
    return new Series(samples.stream().map(number::applyAsDouble).toList());
  }

  /** Each number ÷ the other's of the same round. */
  Series over(Series other) {
    return with(other, (one, two) -> one / two);
  }

  /** Each number less the other's of the same round. */
  Series less(Series other) {
    return with(other, (one, two) -> one - two);
  }

  private Series with(Series other, DoubleBinaryOperator operator) {
    return new Series(
        IntStream.range(0, values.size())
            .mapToObj(i -> operator.applyAsDouble(values.get(i), other.values.get(i)))
            .toList());
  }

  /** The middle one; of an even number the upper. */
  double median() {
    return values.stream().sorted().toList().get(values.size() / 2);
  }

  /** The least. */
  double min() {
    return values.stream().mapToDouble(value -> value).min().orElseThrow();
  }

  /** The greatest. */
  double max() {
    return values.stream().mapToDouble(value -> value).max().orElseThrow();
  }

  /** Median, least and greatest, for a person. */
  @Override
  public String toString() {
    return "%s (%s to %s)".formatted(text(median()), text(min()), text(max()));
  }

  private static String text(double value) {
    return String.format(Locale.ROOT, Math.abs(value) < 100 ? "%.2f" : "%.0f", value);
  }
}
