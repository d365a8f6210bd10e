package io.beamline.worker.execution;

/** Where a step goes for its next attempt. Thread-safe. */
public interface AttemptQueue {

  /** Queues a step that was accepted before; never refused for room. */
  void requeue(Step step);
}
