package io.beamline.worker.rollout;

import io.beamline.worker.contract.ResourcePool;
import io.beamline.worker.contract.StepStatus;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Builds the parts of the report as JSON objects. A value that is not known is left out. Pure. */
final class RolloutReport {

  private static final MathContext DIGITS = new MathContext(4);
  private static final int MAX_DECIMALS = 6;

  private RolloutReport() {}

  /** Returns the counts of each step type that had steps, and the longest queues. */
  static Map<String, Object> window(Window window) {
    List<Map<String, Object>> steps = new ArrayList<>();
    for (int type = 0; type < window.types().size(); type++) {
      Sample cp1 = window.of(type, 0);
      Sample cp2 = window.of(type, flags -> flags != 0);
      if (cp1.count() + cp2.count() + cp2.rejections() > 0) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("step_type", window.types().get(type));
        row.put("cp1", side(cp1));
        row.put("cp2", side(cp2));
        steps.add(row);
      }
    }
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("seconds", window.length().toSeconds());
    body.put("steps", steps);
    body.put("longest_queue", queues(window));
    return body;
  }

  /** Returns the evaluation of one flag. */
  static Map<String, Object> evaluation(FlagEvaluation evaluation) {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("verdict", evaluation.verdict().wireName());
    body.put("line", evaluation.line());
    body.put("together_with", evaluation.togetherWith().stream().map(Flag::feature).toList());
    body.put("steps_with", evaluation.with());
    body.put("steps_without", evaluation.without());
    body.put(
        "measures",
        evaluation.measures().stream()
            .map(measure -> measure(measure, evaluation.measures()))
            .toList());
    return body;
  }

  /** Returns the numbers for the queue flag, which is on or off for the whole worker. */
  static Map<String, Object> queue(Window window, boolean on, Map<ResourcePool, Integer> limits) {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("verdict", "per_worker");
    body.put("line", QueueText.of(window, on, limits));
    body.put("on", on);
    body.put("rejections", window.of(flags -> true).rejections());
    body.put("longest_queue", queues(window));
    return body;
  }

  /** Returns the numbers for the cancellation flag, which changes only steps that are cancelled. */
  static Map<String, Object> cancellation(Window window, boolean on) {
    Sample all = window.of(flags -> true);
    long cancelled = all.count(StepStatus.CANCELLED);
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("verdict", on ? "counted" : RolloutVerdict.OFF.wireName());
    body.put("line", CancellationText.of(on, cancelled, all.count()));
    body.put("on", on);
    body.put("cancelled", cancelled);
    return body;
  }

  /** Returns the parameters of the evaluation. */
  static Map<String, Object> method() {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("level", FlagEvaluation.SIGNIFICANCE_LEVEL);
    body.put("least_steps_on_each_side", FlagEvaluation.MIN_STEPS_PER_SIDE);
    body.put("least_steps_in_each_pair", Comparison.MIN_STEPS_PER_PAIR_SIDE);
    return body;
  }

  private static Map<String, Object> side(Sample side) {
    Map<String, Object> body = new LinkedHashMap<>();
    long count = side.count();
    body.put("count", count);
    if (count > 0) {
      body.put("success_rate", share(side.count(StepStatus.SUCCESS), count));
      body.put("error_rate", share(side.count(StepStatus.ERROR), count));
      body.put("timeout_rate", share(side.count(StepStatus.TIMEOUT), count));
      body.put("attempts_per_step", attempts(side, count));
    }
    body.put("retried", side.retried());
    if (side.retried() > 0) {
      body.put("retries_helped", share(side.helped(), side.retried()));
    }
    if (count > 0) {
      body.put("p50_ms", rounded(side.quantileMillis(0.5)));
      body.put("p95_ms", rounded(side.quantileMillis(0.95)));
      body.put("p99_ms", rounded(side.quantileMillis(0.99)));
    }
    body.put("rejections", side.rejections());
    return body;
  }

  private static BigDecimal attempts(Sample side, long count) {
    long[] attempts = side.attempts();
    double sum = 0;
    for (int number = 0; number < attempts.length; number++) {
      sum += (double) number * attempts[number];
    }
    return rounded(sum / count);
  }

  private static Map<String, Object> measure(Measure measure, List<Measure> all) {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("measure", measure.name());
    body.put("label", measure.label());
    body.put("with", rounded(measure.with()));
    body.put("without", rounded(measure.without()));
    body.put("test", measure.test().test());
    body.put("p", rounded(measure.test().p()));
    body.put("real", FlagEvaluation.isSignificant(measure, all));
    return body;
  }

  private static Map<String, Integer> queues(Window window) {
    Map<ResourcePool, Integer> inOrder = new EnumMap<>(window.longestQueues());
    Map<String, Integer> queues = new LinkedHashMap<>();
    inOrder.forEach((pool, longest) -> queues.put(pool.wireName(), longest));
    return queues;
  }

  private static BigDecimal share(long part, long whole) {
    return rounded((double) part / whole);
  }

  /** Rounds to four digits and six decimals, so that JSON shows no exponent. */
  static BigDecimal rounded(double value) {
    BigDecimal rounded =
        new BigDecimal(value)
            .round(DIGITS)
            .setScale(MAX_DECIMALS, RoundingMode.HALF_UP)
            .stripTrailingZeros();
    return rounded.setScale(Math.max(0, rounded.scale()));
  }
}
