package io.beamline.worker.feature;

import java.util.List;
import java.util.function.Consumer;

/**
 * The current states of the CP2 flags (contract section 5). Each call returns the states at that
 * moment. Thread-safe; no method blocks.
 */
public interface FeatureFlags {

  /**
   * Returns the flags for one assignment. Call it once per assignment, at its arrival.
   *
   * @param assignmentId decides whether a flag applies that is on for a share of the assignments
   * @param tenantId decides whether a flag applies that is on for some tenants
   */
  FlagSnapshot snapshot(String assignmentId, String tenantId);

  /** Returns whether queue management is on in this worker. Read it at each submission. */
  boolean queueManagement();

  /**
   * Returns whether an assignment may be cancelled (W3-3). Read it when a request for it is there.
   *
   * @param assignmentId decides if cancellation is on for a share of the assignments
   * @param tenantId decides if cancellation is on for some tenants
   */
  default boolean cancellation(String assignmentId, String tenantId) {
    return false;
  }

  /** Returns whether cancellation is on, if only for some assignments. */
  default boolean cancellationInUse() {
    return false;
  }

  /**
   * Adds a listener for changes of any flag.
   *
   * @param listener called after each change by the thread that made it. Several threads may call
   *     it at once. It must read the flags itself, because notifications may overtake each other.
   */
  void onChange(Runnable listener);

  /**
   * Sets the listener that receives every snapshot before the caller of {@link #snapshot} does. It
   * replaces an earlier listener. The default ignores it.
   *
   * @param listener called by the thread that takes the snapshot. Several threads may call it at
   *     once. It must return quickly and never throw.
   */
  default void onSnapshot(Consumer<FlagSnapshot> listener) {}

  /**
   * Returns whether the tenant decides for which assignments a flag is on. Then the assignments
   * with the flag and those without it belong to different tenants.
   *
   * @param name the name of a {@link WorkerFeature}
   * @throws IllegalArgumentException when there is no flag of this name
   */
  default boolean isByTenant(String name) {
    return false;
  }

  /**
   * Returns the names of the flags that are on, in a fixed order. A flag that is on for only some
   * assignments counts; the queue flag counts if it is on in this worker.
   */
  List<String> enabledNames();
}
