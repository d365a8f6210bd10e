package io.beamline.worker.execution;

/** Queues steps for their next attempt. Thread-safe. */
public interface AttemptQueue {

  /**
   * Queues a step that was accepted before, even if the queue is full. Does nothing if the step has
   * ended.
   */
  void requeue(Step step);
}
