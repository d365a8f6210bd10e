package io.beamline.worker.queue;

import io.beamline.worker.execution.Step;
import io.beamline.worker.observability.metrics.QueueMetrics.Rejection;
import java.util.function.IntSupplier;

/**
 * Notified of the events in one pool's queue. Implementations are thread-safe, return quickly and
 * never throw.
 */
interface QueueObserver {

  /** Called when a step has got a slot. */
  void started(StepTask task);

  /**
   * Called when the number of waiting steps may have changed, and when queue management was turned
   * on or off.
   *
   * @param depth supplies the current depth
   */
  void queueChanged(IntSupplier depth);

  /**
   * Called when a step was rejected, or dropped for another one, because the queue was full.
   *
   * @param step the rejected or dropped step
   * @param depth the depth at that decision
   */
  void rejected(Rejection which, Step step, int depth);
}
