package io.beamline.worker.bench;

import io.beamline.worker.support.WorkerProcess;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * Workers with the same settings, each on a server of its own, which differ in the size of what
 * they have to do. Used by one thread.
 *
 * @param all the first is what the others are compared with
 */
record ManySides(List<Sized> all) implements AutoCloseable {

  /** Starts a side for each size. */
  static ManySides of(List<Integer> sizes, UnaryOperator<WorkerProcess.Builder> settings) {
    List<Sized> all = new ArrayList<>();
    try {
      for (int size : sizes) {
        all.add(new Sized(Side.worker(settings), size));
      }
      return new ManySides(all);
    } catch (RuntimeException e) {
      all.forEach(each -> each.side().close());
      throw e;
    }
  }

  /**
   * The rates of each side's rounds, which are taken in turns. Fails unless every step succeeds.
   */
  List<Series> rates(Effort effort, Function<Sized, Round> round) {
    List<Supplier<Round>> turns = new ArrayList<>();
    for (Sized each : all) {
      turns.add(() -> round.apply(each));
    }
    List<List<Round>> rounds = Turns.take(effort, turns);
    all.forEach(each -> each.side().assertSuccess());
    return rounds.stream().map(some -> Series.of(some, Round::rate)).toList();
  }

  @Override
  public void close() {
    all.forEach(each -> each.side().close());
  }

  /**
   * A worker.
   *
   * @param size of what it has to do
   */
  record Sized(Side side, int size) {}
}
