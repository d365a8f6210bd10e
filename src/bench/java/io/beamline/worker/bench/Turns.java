package io.beamline.worker.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * Has sides take turns, in another order each round, so that what the machine does besides hits all
 * of them alike.
 */
final class Turns {

  private Turns() {}

  /** The samples of each side, after the rounds that do not count. */
  static <T> List<List<T>> take(Effort effort, List<Supplier<T>> sides) {
    for (int round = 0; round < effort.warmUps(); round++) {
      for (Supplier<T> side : sides) {
        T unused = side.get();
      }
    }
    List<List<T>> samples = new ArrayList<>();
    sides.forEach(side -> samples.add(new ArrayList<>()));
    for (int round = 0; round < effort.rounds(); round++) {
      for (int turn = 0; turn < sides.size(); turn++) {
        int side = (round + turn) % sides.size();
        samples.get(side).add(sides.get(side).get());
      }
    }
    return samples;
  }
}
