package io.beamline.worker.queue;

import io.beamline.worker.contract.ResourcePool;
import io.beamline.worker.execution.Step;
import io.beamline.worker.observability.metrics.QueueMetrics;
import io.beamline.worker.observability.metrics.QueueMetrics.Rejection;
import io.beamline.worker.rollout.RolloutRecorder;
import io.beamline.worker.timeout.TimeSource;
import java.time.Duration;
import java.util.function.IntSupplier;

/** Records the events of one pool's queue as metrics and log lines (W3-4.2). Thread-safe. */
final class QueueReports implements QueueObserver {

  private final ResourcePool pool;
  private final QueueMetrics metrics;
  private final RolloutRecorder rollout;
  private final OverloadWatch watch;
  private final QueueLog log;
  private final TimeSource time;

  QueueReports(
      ResourcePool pool,
      QueueMetrics metrics,
      RolloutRecorder rollout,
      OverloadWatch watch,
      QueueLog log,
      TimeSource time) {
    this.pool = pool;
    this.metrics = metrics;
    this.rollout = rollout;
    this.watch = watch;
    this.log = log;
    this.time = time;
  }

  @Override
  public void started(StepTask task) {
    metrics.waited(pool, Duration.ofNanos(time.nanos() - task.sinceNanos()));
  }

  @Override
  public void queueChanged(IntSupplier depth) {
    watch.check(depth);
    rollout.queued(pool, depth.getAsInt());
  }

  @Override
  public void rejected(Rejection which, Step step, int depth) {
    metrics.rejected(pool, which);
    log.rejected(which, step, depth);
  }
}
