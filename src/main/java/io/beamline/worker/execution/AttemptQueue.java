package io.beamline.worker.execution;

/** Where a step goes for its next attempt. Thread-safe. */
public interface AttemptQueue {

  /** Queues a step that was accepted before; never refused for room. */
  void requeue(Step step);

  /** Takes a step out that waits for a slot; false when it does not wait here. */
  default boolean remove(Step step) {
    return false;
  }
}
