package io.beamline.worker.queue;

import io.beamline.worker.execution.Step;
import io.beamline.worker.observability.metrics.QueueMetrics.Rejection;
import java.util.function.IntSupplier;

/**
 * Told what happens in one pool's queue, at each step: implementations are thread-safe, quick, and
 * never throw.
 */
interface QueueObserver {

  /** A step has got a slot. */
  void started(StepTask task);

  /**
   * The number of steps that wait has changed, or whether they are managed.
   *
   * @param depth tells how many wait now
   */
  void depthChanged(IntSupplier depth);

  /**
   * A step gave way because there was no room.
   *
   * @param step the one that gave way
   * @param depth the steps that waited when that was decided
   */
  void gaveWay(Rejection which, Step step, int depth);
}
