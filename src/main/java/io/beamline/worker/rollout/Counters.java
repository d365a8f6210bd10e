package io.beamline.worker.rollout;

import io.beamline.worker.contract.ResourcePool;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Counts from one moment on: the steps by type and set of flags, and the longest queues. A counter
 * is created when it is first needed. Thread-safe: several threads count at once.
 */
final class Counters {

  private final AtomicReferenceArray<@Nullable StepCounter> counters;
  private final AtomicInteger longestIo = new AtomicInteger();
  private final AtomicInteger longestCpu = new AtomicInteger();

  /** Starts at 0 for this number of step types. */
  Counters(int types) {
    counters = new AtomicReferenceArray<>(types * Flag.SETS);
  }

  StepCounter counter(int type, int flags) {
    int index = type * Flag.SETS + flags;
    StepCounter counter = counters.get(index);
    if (counter != null) {
      return counter;
    }
    StepCounter made = new StepCounter();
    StepCounter other = counters.compareAndExchange(index, null, made);
    return other == null ? made : other;
  }

  Sample read(int type, int flags) {
    StepCounter counter = counters.get(type * Flag.SETS + flags);
    return counter == null ? Sample.EMPTY : counter.read();
  }

  /** Records how many steps wait in a pool's queue now. */
  void queued(ResourcePool pool, int depth) {
    AtomicInteger longest = longest(pool);
    int before = longest.get();
    while (depth > before && !longest.compareAndSet(before, depth)) {
      before = longest.get();
    }
  }

  /** Returns the longest queue of a pool, in steps. */
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
