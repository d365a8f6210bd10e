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
 * What becomes of a newcomer that a pool's queue has no room for (W3-4.1, contract section 5): it
 * is answered here, on the thread that submits it. Thread-safe.
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
    task.refuse();
    if (executor.isShutdown()) {
      end.refused(task.step(), RejectReason.SHUTTING_DOWN, "the worker shuts down", false);
    } else {
      end.refused(
          task.step(),
          RejectReason.QUEUE_FULL,
          "pool " + pool.wireName() + " has " + task.depth() + " of " + limit + " steps waiting",
          settings.resultOnRejection());
      observer.gaveWay(Rejection.QUEUE_FULL, task.step(), task.depth());
    }
  }

  /** Whether the newcomer is queued now; not so when nothing may give way, or the worker ends. */
  private boolean makeRoom(StepTask newcomer, ThreadPoolExecutor executor) {
    if (executor.isShutdown()) {
      return false;
    }
    Displacement displacement = ((AdmissionQueue) executor.getQueue()).offerForOldest(newcomer);
    StepTask oldest = displacement.dropped();
    if (oldest != null && end.dropped(oldest.step())) {
      observer.gaveWay(Rejection.DROPPED_OLDEST, oldest.step(), newcomer.depth());
    }
    return displacement.admitted();
  }
}
