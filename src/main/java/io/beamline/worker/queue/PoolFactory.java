package io.beamline.worker.queue;

import io.beamline.worker.config.QueueProperties;
import io.beamline.worker.contract.ResourcePool;
import io.beamline.worker.execution.StepEnd;
import io.beamline.worker.feature.FeatureFlags;
import io.beamline.worker.observability.logging.LogThrottle;
import io.beamline.worker.observability.metrics.QueueMetrics;
import io.beamline.worker.rollout.RolloutRecorder;
import io.beamline.worker.timeout.TimeSource;

/**
 * Creates pools with the metrics and logs of their queues.
 *
 * @param settings the thresholds and the rejection policy
 * @param end ends steps that are rejected or dropped
 */
record PoolFactory(
    QueueProperties settings,
    StepEnd end,
    FeatureFlags flags,
    QueueMetrics metrics,
    RolloutRecorder rollout,
    LogThrottle throttle,
    TimeSource time) {

  /** Creates and starts a pool, and registers its metrics. */
  StepPool create(ResourcePool name, int concurrency, int maxQueueSize) {
    OverloadScale scale = new OverloadScale(maxQueueSize, settings.thresholds());
    QueueLog log = new QueueLog(name, scale, throttle);
    OverloadWatch watch = new OverloadWatch(scale, flags::queueManagement, log::changed);
    QueueReports reports = new QueueReports(name, metrics, rollout, watch, log, time);
    StepPool pool =
        new StepPool(
            name,
            concurrency,
            scale,
            new QueueRejection(name, maxQueueSize, settings, end, reports),
            end,
            reports);
    metrics.watch(
        name,
        new QueueMetrics.Queue(pool::depth, pool::limit, () -> pool.overloadStatus().level()));
    return pool;
  }
}
