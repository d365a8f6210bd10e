package io.beamline.worker.rollout;

import io.beamline.worker.contract.ResourcePool;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/** The counts of a period that ends now. Immutable. */
final class Window {

  private final Duration length;
  private final List<String> types;
  private final Sample[][] samples;
  private final long[] inFlight;
  private final Map<ResourcePool, Integer> longestQueues = new EnumMap<>(ResourcePool.class);

  /**
   * Reads and sums the counters.
   *
   * @param inFlight steps of this period that have not ended yet
   */
  Window(Duration length, List<String> types, List<Counters> counters, InFlight inFlight) {
    this.length = length;
    this.types = types;
    this.inFlight = inFlight.read();
    this.samples = new Sample[types.size()][Flag.SETS];
    for (int type = 0; type < types.size(); type++) {
      for (int flags = 0; flags < Flag.SETS; flags++) {
        samples[type][flags] = sum(counters, type, flags);
      }
    }
    for (ResourcePool pool : ResourcePool.values()) {
      longestQueues.put(
          pool, counters.stream().mapToInt(some -> some.longestQueue(pool)).max().orElse(0));
    }
  }

  Duration length() {
    return length;
  }

  List<String> types() {
    return types;
  }

  /**
   * Returns the steps of one type, given by its index in {@link #types()}, under one set of flags.
   */
  Sample of(int type, int flags) {
    return samples[type][flags];
  }

  /** Returns the steps of one type under all sets of flags that match. */
  Sample of(int type, IntPredicate flags) {
    return IntStream.range(0, Flag.SETS)
        .filter(flags)
        .mapToObj(set -> samples[type][set])
        .reduce(Sample.EMPTY, Sample::plus);
  }

  /** Returns the steps of all types under all sets of flags that match. */
  Sample of(IntPredicate flags) {
    return IntStream.range(0, types.size())
        .mapToObj(type -> of(type, flags))
        .reduce(Sample.EMPTY, Sample::plus);
  }

  /** Returns the steps in flight of all types under a set of flags; the queue flag is ignored. */
  long inFlight(int flags) {
    return inFlight[flags & ~Flag.QUEUE_MANAGEMENT.bit()];
  }

  /** Returns the steps in flight of all types under all sets of flags that match. */
  long inFlight(IntPredicate flags) {
    return IntStream.range(0, Flag.SETS).filter(flags).mapToLong(set -> inFlight[set]).sum();
  }

  /** Returns the longest queue of each pool, in steps. */
  Map<ResourcePool, Integer> longestQueues() {
    return Map.copyOf(longestQueues);
  }

  private static Sample sum(List<Counters> counters, int type, int flags) {
    return counters.stream().map(some -> some.read(type, flags)).reduce(Sample.EMPTY, Sample::plus);
  }
}
