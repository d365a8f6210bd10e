package io.beamline.worker.execution;

/**
 * A place that a step occupies: in a queue, in the waiting room, or a slot. Implementations are
 * thread-safe.
 */
public interface Place {

  /** The place of a step that has arrived or ended, and occupies nothing. */
  Place NONE = step -> {};

  /**
   * Frees the place after the step has ended. The thread that ended the step calls it. Does nothing
   * if the step has left the place already. Takes constant time.
   */
  void release(Step step);
}
