package io.beamline.worker.execution;

/** Where a step goes for its next attempt. Thread-safe. */
public interface AttemptQueue {

  /**
   * Queues a step that was accepted before, unless it has ended meanwhile. Never refused for room.
   */
  void requeue(Step step);
}
