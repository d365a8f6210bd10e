package io.beamline.worker.rollout;

import io.beamline.worker.contract.ResourcePool;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/** What was counted in a stretch of time that ends now. Immutable. */
final class Window {

  private final Duration length;
  private final List<String> types;
  private final Sample[][] samples;
  private final long[] unended;
  private final Map<ResourcePool, Integer> longestQueues = new EnumMap<>(ResourcePool.class);

  /**
   * Reads tallies, and adds them up.
   *
   * @param unended steps that belong here but have no result yet, by the set of flags
   */
  Window(Duration length, List<String> types, List<Tallies> tallies, Unended unended) {
    this.length = length;
    this.types = types;
    this.unended = unended.read();
    this.samples = new Sample[types.size()][Flag.SETS];
    for (int type = 0; type < types.size(); type++) {
      for (int flags = 0; flags < Flag.SETS; flags++) {
        samples[type][flags] = sum(tallies, type, flags);
      }
    }
    for (ResourcePool pool : ResourcePool.values()) {
      longestQueues.put(
          pool, tallies.stream().mapToInt(some -> some.longestQueue(pool)).max().orElse(0));
    }
  }

  Duration length() {
    return length;
  }

  List<String> types() {
    return types;
  }

  /** The steps of one type, by its place among the types, under one set of flags. */
  Sample of(int type, int flags) {
    return samples[type][flags];
  }

  /** The steps of one type, by its place among the types, under some sets of flags. */
  Sample of(int type, IntPredicate flags) {
    return IntStream.range(0, Flag.SETS)
        .filter(flags)
        .mapToObj(set -> samples[type][set])
        .reduce(Sample.EMPTY, Sample::plus);
  }

  /** The steps of all types under some sets of flags. */
  Sample of(IntPredicate flags) {
    return IntStream.range(0, types.size())
        .mapToObj(type -> of(type, flags))
        .reduce(Sample.EMPTY, Sample::plus);
  }

  /**
   * The steps of all types without a result, under a set of flags; that of the queue is ignored.
   */
  long unended(int flags) {
    return unended[flags & ~Flag.QUEUE_MANAGEMENT.bit()];
  }

  /** The steps of all types without a result, under some sets of flags. */
  long unended(IntPredicate flags) {
    return IntStream.range(0, Flag.SETS).filter(flags).mapToLong(set -> unended[set]).sum();
  }

  /** The most steps that waited at once, in each pool. */
  Map<ResourcePool, Integer> longestQueues() {
    return Map.copyOf(longestQueues);
  }

  private static Sample sum(List<Tallies> tallies, int type, int flags) {
    return tallies.stream().map(some -> some.read(type, flags)).reduce(Sample.EMPTY, Sample::plus);
  }
}
