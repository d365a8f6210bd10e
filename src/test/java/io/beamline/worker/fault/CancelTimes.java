package io.beamline.worker.fault;

import io.beamline.worker.support.WorkerProcess;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The histogram {@code worker_cancellation_seconds} of all workers together: from the receipt of a
 * request by a worker, or the later arrival of the assignment, to the end of the step. Not
 * thread-safe.
 */
final class CancelTimes {

  private static final Pattern BUCKET =
      Pattern.compile("worker_cancellation_seconds_bucket\\{.*le=\"([0-9.]+)\".*} ([0-9.E]+)");

  private final Map<Double, Double> notSlowerThan = new TreeMap<>();
  private double count;

  /** Adds what a worker has measured since its start. Once for each, when it ends or at the end. */
  void add(WorkerProcess worker) {
    String metrics = worker.metrics();
    metrics
        .lines()
        .map(BUCKET::matcher)
        .filter(Matcher::matches)
        .forEach(
            bucket ->
                notSlowerThan.merge(
                    Double.valueOf(bucket.group(1)), Double.valueOf(bucket.group(2)), Double::sum));
    count +=
        metrics
            .lines()
            .filter(line -> line.startsWith("worker_cancellation_seconds_count"))
            .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
            .sum();
  }

  /** How many steps were measured. */
  long count() {
    return (long) count;
  }

  /** How many of a hundred took no longer than a bound of the histogram. */
  double percentWithin(long ms) {
    return 100 * notSlowerThan.getOrDefault(ms / 1_000.0, 0.0) / count;
  }

  /**
   * The upper bound, in ms, of the bucket that a percentile lies in: one of 1, 2, 5, 10, 25, 50,
   * 100, 250 and so on.
   */
  long percentileMs(double percent) {
    return notSlowerThan.entrySet().stream()
        .filter(bucket -> bucket.getValue() >= count * percent / 100)
        .mapToLong(bucket -> Math.round(bucket.getKey() * 1_000))
        .findFirst()
        .orElse(Long.MAX_VALUE);
  }
}
