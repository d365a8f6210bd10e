package io.beamline.worker.feature;

import java.util.List;
import java.util.function.Consumer;

/**
 * The CP2 flags as the rest of the worker sees them (contract section 5). A change shows at the
 * next call. Thread-safe, never blocks.
 */
public interface FeatureFlags {

  /**
   * The flags for one assignment; to be read once, at its arrival.
   *
   * @param assignmentId decides when a flag is on for a share of the assignments
   * @param tenantId decides when a flag is on for some tenants
   */
  FlagSnapshot snapshot(String assignmentId, String tenantId);

  /** Whether queue management is on; to be read at each submission. */
  boolean queueManagement();

  /**
   * Asks to be told of every change of a flag.
   *
   * @param listener called after each change, by the thread that made it; reads the flags itself,
   *     because changes may overtake each other on their way to it
   */
  void onChange(Runnable listener);

  /**
   * Asks to be told of every snapshot that is taken, before the taker has it; one listener at most.
   * Flags that take none need not tell.
   *
   * @param listener called by the taker's thread; must be quick and never throw
   */
  default void onSnapshot(Consumer<FlagSnapshot> listener) {}

  /**
   * Whether it is the tenant that decides for which assignments a flag is on, so that those with
   * the flag and those without it are different tenants'.
   *
   * @param name the flag's
   */
  default boolean isByTenant(String name) {
    return false;
  }

  /**
   * The names of the flags that are on, if only for some assignments; the queue flag's where it is
   * on for this worker. In a fixed order.
   */
  List<String> enabledNames();
}
