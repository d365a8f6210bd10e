package io.beamline.worker.bench;

import static java.util.Objects.requireNonNull;

import io.beamline.worker.feature.FlagCosts;
import io.beamline.worker.queue.QueueCosts;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** What runs per message, each in a JVM of its own: time, and bytes on the heap. */
final class JmhBench implements Bench {

  private static final String BYTES = "gc.alloc.rate.norm";

  private static final List<Cost> COSTS =
      List.of(
          new Cost(MessageCosts.class, "decode", Row.DECODE_TIME, Row.DECODE_BYTES),
          new Cost(MessageCosts.class, "encode", Row.ENCODE_TIME, Row.ENCODE_BYTES),
          new Cost(FlagCosts.class, "snapshot", Row.FLAGS_TIME, Row.FLAGS_BYTES),
          new Cost(QueueCosts.class, "submit", Row.SUBMIT_TIME, Row.SUBMIT_BYTES),
          new Cost(MessageCosts.class, "retry", Row.RETRY_TIME, Row.RETRY_BYTES));

  private static final TimeValue ROUND = TimeValue.milliseconds(600);

  @Override
  public String name() {
    return "jmh";
  }

  @Override
  public List<Row> rows() {
    return COSTS.stream().flatMap(cost -> cost.rows().stream()).toList();
  }

  @Override
  public List<Figure> measure(Effort effort) {
    List<Figure> figures = new ArrayList<>();
    for (Cost cost : COSTS) {
      List<IterationResult> rounds = run(cost, effort);
      figures.add(figure(cost.time(), rounds, IterationResult::getPrimaryResult));
      figures.add(
          figure(
              cost.bytes(),
              rounds,
              round -> requireNonNull(round.getSecondaryResults().get(BYTES))));
    }
    return figures;
  }

  private static Figure figure(
      Row row, List<IterationResult> rounds, Function<IterationResult, Result<?>> result) {
    return Figure.alone(row, Series.of(rounds, round -> result.apply(round).getScore()));
  }

  private static List<IterationResult> run(Cost cost, Effort effort) {
    OptionsBuilder options = new OptionsBuilder();
    options
        .include("^" + cost.type().getName() + "\\." + cost.method() + "$")
        .mode(Mode.AverageTime)
        .timeUnit(TimeUnit.NANOSECONDS)
        .warmupIterations(effort.warmUps())
        .warmupTime(ROUND)
        .measurementIterations(effort.rounds())
        .measurementTime(ROUND)
        .forks(1)
        .jvmArgs(Jvm.OPTIONS.toArray(String[]::new))
        .addProfiler(GCProfiler.class)
        .verbosity(VerboseMode.SILENT)
        .shouldFailOnError(true);
    try {
      RunResult result = new Runner(options.build()).runSingle();
      return List.copyOf(result.getBenchmarkResults().iterator().next().getIterationResults());
    } catch (RunnerException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * One of them.
   *
   * @param type the class that has it
   * @param method which runs it
   * @param time the row of its time
   * @param bytes the row of what it takes of the heap
   */
  private record Cost(Class<?> type, String method, Row time, Row bytes) {

    List<Row> rows() {
      return List.of(time, bytes);
    }
  }
}
