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
 * Counts how steps end under each set of flags: since a flag was last changed, and in the last
 * hour. Nothing shows of it but at {@code /actuator/rollout}. Thread-safe; counting neither blocks
 * nor, but for the first step of a kind in each minute, allocates. A restart forgets everything.
 * Two sides of six step types take 2 MiB, every set of flags in every minute 8.
 */
public final class RolloutRecorder {

  /** What steps of a type are called that is not known. */
  private static final String OTHER = "none";

  private static final Duration HOUR = Duration.ofMinutes(MinuteRing.MINUTES);

  private final List<String> types;
  private final Map<String, Integer> places = new HashMap<>();
  private final TimeSource time;
  private final long startNanos;
  private final MinuteRing ring;
  private volatile Change change;

  /**
   * Counts from now on.
   *
   * @param stepTypes the canonical names of all blocks
   */
  public RolloutRecorder(List<String> stepTypes, TimeSource time) {
    this.types = new ArrayList<>(stepTypes);
    this.types.add(OTHER);
    this.types.forEach(type -> places.put(type, places.size()));
    this.time = time;
    this.startNanos = time.nanos();
    this.ring = new MinuteRing(types.size(), startNanos);
    this.change = new Change(startNanos, new Tallies(types.size()), new Unended());
  }

  /** An assignment arrived: its step will leave. */
  void arrived(FlagSnapshot flags) {
    change.unended.arrived(flags);
  }

  /** A step is no longer here: it ended, was not taken, or was handed back. To be said once. */
  public void left(FlagSnapshot flags, long arrivedNanos) {
    Change last = change;
    if (last.isBefore(arrivedNanos)) {
      last.unended.left(flags);
    }
  }

  /**
   * A step has a result. Since the last change count only steps that arrived after it: of the
   * others the long ones would still come, and the short ones not.
   *
   * @param stepType the block's canonical name
   * @param queueManaged whether queue management was on when it was queued
   * @param attempts how many were begun
   */
  public void ended(
      String stepType,
      FlagSnapshot flags,
      boolean queueManaged,
      StepStatus status,
      int attempts,
      long arrivedNanos) {
    long now = time.nanos();
    int type = place(stepType);
    int set = Flag.set(flags, queueManaged);
    ring.now(now).cell(type, set).ended(status, attempts, now - arrivedNanos);
    Change last = change;
    if (last.isBefore(arrivedNanos)) {
      last.tallies.cell(type, set).ended(status, attempts, now - arrivedNanos);
    }
  }

  /** A step was not taken, or was dropped again, because its queue was full. */
  public void rejected(String stepType, FlagSnapshot flags) {
    int type = place(stepType);
    int set = Flag.set(flags, true);
    Change last = change;
    ring.now(time.nanos()).cell(type, set).rejected();
    last.tallies.cell(type, set).rejected();
  }

  /** So many steps wait in a pool's queue now. */
  public void queued(ResourcePool pool, int depth) {
    ring.now(time.nanos()).queued(pool, depth);
    change.tallies.queued(pool, depth);
  }

  /** A flag was changed. */
  void flagChanged() {
    change = new Change(time.nanos(), new Tallies(types.size()), new Unended());
  }

  /** How long it has been counting. */
  Duration uptime() {
    return Duration.ofNanos(time.nanos() - startNanos);
  }

  /** Since a flag was last changed, or since the start. */
  Window sinceChange() {
    Change last = change;
    Duration length = Duration.ofNanos(time.nanos() - last.nanos);
    return new Window(length, types, List.of(last.tallies), last.unended);
  }

  /** This minute and the 59 before it, or since the start; what has not ended is not in it. */
  Window lastHour() {
    return new Window(
        Durations.shorter(uptime(), HOUR), types, ring.all(time.nanos()), new Unended());
  }

  private int place(String stepType) {
    Integer place = places.get(stepType);
    return place == null ? types.size() - 1 : place;
  }

  private record Change(long nanos, Tallies tallies, Unended unended) {

    boolean isBefore(long arrivedNanos) {
      return arrivedNanos - nanos >= 0;
    }
  }
}
