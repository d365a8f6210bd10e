package io.beamline.worker.execution;

/**
 * What a step occupies: a place in a queue or in the waiting room, or a slot. Implementations are
 * thread-safe.
 */
public interface Place {

  /** The place of a step that is nowhere yet, or no longer anywhere. */
  Place NONE = step -> {};

  /**
   * Frees the place, because the step has ended. Called by whoever ended it, after the end, and
   * takes constant time. The step may have left the place already, which changes nothing.
   */
  void release(Step step);
}
