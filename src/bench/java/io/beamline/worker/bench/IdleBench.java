package io.beamline.worker.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What a worker costs that has nothing to do. */
final class IdleBench implements Bench {

  private static final Duration SETTLING = Duration.ofSeconds(60);
  private static final Duration ROUND = Duration.ofSeconds(10);

  @Override
  public String name() {
    return "idle";
  }

  @Override
  public List<Row> rows() {
    return List.of(Row.IDLE);
  }

  @Override
  public List<Figure> measure(Effort effort) {
    try (Side worker = Side.worker(Flags::off)) {
      // Until then the JVM still compiles what ran at the start.
      worker.idleShare(SETTLING);
      List<Double> percents = new ArrayList<>();
      for (int round = 0; round < effort.rounds(); round++) {
        percents.add(worker.idleShare(ROUND) * 100);
      }
      return List.of(Figure.alone(Row.IDLE, new Series(percents)));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
