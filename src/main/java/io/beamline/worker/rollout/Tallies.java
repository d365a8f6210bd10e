package io.beamline.worker.rollout;

import io.beamline.worker.contract.ResourcePool;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * What is counted from one moment on: a cell for each step type and set of flags, made when it is
 * first needed, and how long the queues were. Thread-safe.
 */
final class Tallies {

  private final AtomicReferenceArray<@Nullable Cell> cells;
  private final AtomicInteger longestIo = new AtomicInteger();
  private final AtomicInteger longestCpu = new AtomicInteger();

  /** Nothing is counted yet, for so many step types. */
  Tallies(int types) {
    cells = new AtomicReferenceArray<>(types * Flag.SETS);
  }

  Cell cell(int type, int flags) {
    int place = type * Flag.SETS + flags;
    Cell cell = cells.get(place);
    if (cell != null) {
      return cell;
    }
    Cell made = new Cell();
    Cell other = cells.compareAndExchange(place, null, made);
    return other == null ? made : other;
  }

  Sample read(int type, int flags) {
    Cell cell = cells.get(type * Flag.SETS + flags);
    return cell == null ? Sample.EMPTY : cell.read();
  }

  /** So many steps wait in a pool's queue. */
  void queued(ResourcePool pool, int depth) {
    AtomicInteger longest = longest(pool);
    int before = longest.get();
    while (depth > before && !longest.compareAndSet(before, depth)) {
      before = longest.get();
    }
  }

  /** The most steps that waited at once in a pool's queue. */
  int longestQueue(ResourcePool pool) {
    return longest(pool).get();
  }

  private AtomicInteger longest(ResourcePool pool) {
    return switch (pool) {
      case IO -> longestIo;
      case CPU -> longestCpu;
    };
  }
}
