package io.beamline.worker.queue;

import io.beamline.worker.config.QueueProperties;
import io.beamline.worker.config.QueueProperties.RejectionPolicy;
import io.beamline.worker.contract.RejectReason;
import io.beamline.worker.contract.ResourcePool;
import io.beamline.worker.execution.StepEnd;
import io.beamline.worker.observability.metrics.QueueMetrics.Rejection;
import io.beamline.worker.queue.AdmissionQueue.Displacement;
import java.util.concurrent.RejectedExecutionHandler;
import java.util.concurrent.ThreadPoolExecutor;

/**
 * Handles a new step when the queue of a pool is full (W3-4.1, contract section 5). It runs on the
 * thread that submits the step, and rejects the step or drops the oldest one. Thread-safe.
 */
final class QueueRejection implements RejectedExecutionHandler {

  private final ResourcePool pool;
  private final int limit;
  private final QueueProperties settings;
  private final StepEnd end;
  private final QueueObserver observer;

  QueueRejection(
      ResourcePool pool, int limit, QueueProperties settings, StepEnd end, QueueObserver observer) {
    this.pool = pool;
    this.limit = limit;
    this.settings = settings;
    this.end = end;
    this.observer = observer;
  }

  @Override
  public void rejectedExecution(Runnable newcomer, ThreadPoolExecutor executor) {
    StepTask task = (StepTask) newcomer;
    if (settings.rejectionPolicy() == RejectionPolicy.DROP_OLDEST && makeRoom(task, executor)) {
      return;
    }
    task.reject();
    if (executor.isShutdown()) {
      end.reject(
          task.step(),
          RejectReason.SHUTTING_DOWN,
          "the worker shuts down",
          settings.resultOnRejection());
    } else {
      end.reject(
          task.step(),
          RejectReason.QUEUE_FULL,
          "pool " + pool.wireName() + " has " + task.depth() + " of " + limit + " steps waiting",
          settings.resultOnRejection());
      observer.rejected(Rejection.QUEUE_FULL, task.step(), task.depth());
    }
  }

  /**
   * Drops the oldest step and queues the new one. Returns false if no step may be dropped or the
   * worker shuts down.
   */
  private boolean makeRoom(StepTask newcomer, ThreadPoolExecutor executor) {
    if (executor.isShutdown()) {
      return false;
    }
    Displacement displacement =
        ((AdmissionQueue) executor.getQueue()).offerDroppingOldest(newcomer);
    StepTask oldest = displacement.dropped();
    if (oldest != null && end.drop(oldest.step())) {
      observer.rejected(Rejection.DROPPED_OLDEST, oldest.step(), newcomer.depth());
    }
    return displacement.queued();
  }
}
