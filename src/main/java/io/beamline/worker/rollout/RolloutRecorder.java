package io.beamline.worker.rollout;

import io.beamline.worker.contract.ResourcePool;
import io.beamline.worker.contract.StepStatus;
import io.beamline.worker.feature.FlagSnapshot;
import io.beamline.worker.timeout.Durations;
import io.beamline.worker.timeout.TimeSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Counts how steps end under each set of flags, since the last change of a flag and in the last
 * hour. {@code /actuator/rollout} reports the counts; a restart clears them. Thread-safe: counting
 * never blocks, and allocates only for the first step of a kind in each minute. Two sets of flags
 * and six step types take 2 MiB; all sixteen sets take 16 MiB.
 */
public final class RolloutRecorder {

  /** Stands for every unknown step type. */
  private static final String OTHER = "none";

  private static final Duration HOUR = Duration.ofMinutes(MinuteRing.MINUTES);

  private final List<String> types;
  private final Map<String, Integer> indexes = new HashMap<>();
  private final TimeSource time;
  private final long startNanos;
  private final MinuteRing ring;
  private volatile Change change;

  /**
   * Starts to count now.
   *
   * @param stepTypes the canonical names of all blocks
   */
  public RolloutRecorder(List<String> stepTypes, TimeSource time) {
    this.types = new ArrayList<>(stepTypes);
    this.types.add(OTHER);
    this.types.forEach(type -> indexes.put(type, indexes.size()));
    this.time = time;
    this.startNanos = time.nanos();
    this.ring = new MinuteRing(types.size(), startNanos);
    this.change = new Change(startNanos, new Counters(types.size()), new InFlight());
  }

  /** Records that an assignment arrived. {@link #left} follows once for each. */
  void arrived(FlagSnapshot flags) {
    change.inFlight.arrived(flags);
  }

  /** Records that a step has ended, with or without a result. Call it once per arrived step. */
  public void left(FlagSnapshot flags, long arrivedNanos) {
    Change last = change;
    if (last.isBefore(arrivedNanos)) {
      last.inFlight.left(flags);
    }
  }

  /**
   * Records the result of a step. The counts since the last change include only steps that arrived
   * after it. Of earlier steps only the slow ones would be counted, which would bias the times.
   *
   * @param stepType the block's canonical name
   * @param queueManaged whether queue management was on when it was queued
   * @param attempts number of attempts that began
   */
  public void ended(
      String stepType,
      FlagSnapshot flags,
      boolean queueManaged,
      StepStatus status,
      int attempts,
      long arrivedNanos) {
    long now = time.nanos();
    int type = indexOf(stepType);
    int set = Flag.set(flags, queueManaged);
    ring.now(now).counter(type, set).ended(status, attempts, now - arrivedNanos);
    Change last = change;
    if (last.isBefore(arrivedNanos)) {
      last.counters.counter(type, set).ended(status, attempts, now - arrivedNanos);
    }
  }

  /** Records that a step was refused or dropped because its queue was full. */
  public void rejected(String stepType, FlagSnapshot flags) {
    int type = indexOf(stepType);
    int set = Flag.set(flags, true);
    Change last = change;
    ring.now(time.nanos()).counter(type, set).rejected();
    last.counters.counter(type, set).rejected();
  }

  /** Records how many steps wait in a pool's queue now. */
  public void queued(ResourcePool pool, int depth) {
    ring.now(time.nanos()).queued(pool, depth);
    change.counters.queued(pool, depth);
  }

  /** Restarts the counts since the last change. */
  void flagChanged() {
    change = new Change(time.nanos(), new Counters(types.size()), new InFlight());
  }

  /** Returns the time since the start. */
  Duration uptime() {
    return Duration.ofNanos(time.nanos() - startNanos);
  }

  /** Returns the counts since the last change of a flag, or since the start. */
  Window sinceChange() {
    Change last = change;
    Duration length = Duration.ofNanos(time.nanos() - last.nanos);
    return new Window(length, types, List.of(last.counters), last.inFlight);
  }

  /** Returns the counts of this minute and the 59 before it. They include no steps in flight. */
  Window lastHour() {
    return new Window(
        Durations.shorter(uptime(), HOUR), types, ring.all(time.nanos()), new InFlight());
  }

  private int indexOf(String stepType) {
    Integer index = indexes.get(stepType);
    return index == null ? types.size() - 1 : index;
  }

  private record Change(long nanos, Counters counters, InFlight inFlight) {

    boolean isBefore(long arrivedNanos) {
      return arrivedNanos - nanos >= 0;
    }
  }
}
