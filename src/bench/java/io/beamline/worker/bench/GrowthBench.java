package io.beamline.worker.bench;

import io.beamline.worker.support.WorkerProcess;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * What the system holds for a worker with little memory and ten times too much to do: in the last
 * minute beside the first, and beside the fifth, when its memory for answers is full.
 *
 * @param time how long it has too much to do
 */
record GrowthBench(Duration time) implements Bench {

  private static final int CONCURRENCY = 4;
  private static final Duration PAUSE = Duration.ofMillis(100);
  private static final int TEN_TIMES_TOO_MANY = 10 * CONCURRENCY * 1_000 / 100;
  private static final int SAMPLES_OF_A_MINUTE = 60;
  private static final int FIFTH = 4;

  @Override
  public String name() {
    return "growth";
  }

  @Override
  public List<Row> rows() {
    return List.of(Row.GROWTH, Row.GROWTH_LATER);
  }

  @Override
  public List<Figure> measure(Effort effort) {
    try (SlowSite site = new SlowSite(PAUSE);
        Side worker = Side.worker(GrowthBench::settings)) {
      CompletableFuture<Borne> load =
          CompletableFuture.supplyAsync(
              () -> worker.load(new Load("http", TEN_TIMES_TOO_MANY, time, site::post)));
      List<Double> megabytes = watch(worker, load);
      Borne borne = load.join();
      if (borne.acked() != borne.steps()) {
        throw new IllegalStateException(
            "%d of %d were acknowledged".formatted(borne.acked(), borne.steps()));
      }
      Series last = minute(megabytes, megabytes.size() / SAMPLES_OF_A_MINUTE - 1);
      return List.of(
          Figure.ratio(Row.GROWTH, last, minute(megabytes, 0)),
          Figure.ratio(Row.GROWTH_LATER, last, minute(megabytes, FIFTH)));
    }
  }

  private static List<Double> watch(Side worker, CompletableFuture<Borne> load) {
    List<Double> megabytes = new ArrayList<>();
    while (!load.isDone()) {
      megabytes.add(worker.residentMegabytes());
      try {
        // A sample each second is all that there is to do.
        TimeUnit.SECONDS.sleep(1);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException(e);
      }
    }
    return megabytes;
  }

  /** The median of a minute's samples. */
  private static Series minute(List<Double> samples, int number) {
    int from = number * SAMPLES_OF_A_MINUTE;
    return new Series(
        List.of(new Series(samples.subList(from, from + SAMPLES_OF_A_MINUTE)).median()));
  }

  private static WorkerProcess.Builder settings(WorkerProcess.Builder worker) {
    return Flags.on(worker)
        .jvm("-Xmx256m")
        .env("WORKER_POOLS_IO_CONCURRENCY", "" + CONCURRENCY)
        .env("WORKER_POOLS_IO_MAX_QUEUE_SIZE", "100");
  }
}
