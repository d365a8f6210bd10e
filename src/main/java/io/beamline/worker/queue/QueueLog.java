package io.beamline.worker.queue;

import io.beamline.worker.contract.ResourcePool;
import io.beamline.worker.execution.Step;
import io.beamline.worker.observability.logging.IdentityFields;
import io.beamline.worker.observability.logging.LogThrottle;
import io.beamline.worker.observability.metrics.QueueMetrics.Rejection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * Logs the events of one pool's queue (W3-4.2, contract section 11). Repeated lines are throttled.
 */
final class QueueLog {

  private static final Logger log = LoggerFactory.getLogger(QueueLog.class);

  private final String pool;
  private final OverloadScale scale;
  private final LogThrottle throttle;

  QueueLog(ResourcePool pool, OverloadScale scale, LogThrottle throttle) {
    this.pool = pool.wireName();
    this.scale = scale;
    this.throttle = throttle;
  }

  /** Logs that a step was rejected or dropped. */
  void rejected(Rejection which, Step step, int depth) {
    throttle.log(
        "Queue rejection " + pool + which.wireName(),
        IdentityFields.add(about(depth), step.answer().identity())
            .addKeyValue("overload_status", scale.of(depth).wireName())
            .addKeyValue("rejection_reason", which.wireName()),
        "Queue rejection");
  }

  /** Logs a change of the overload status. */
  void changed(OverloadStatus before, OverloadStatus after, int depth) {
    throttle.log(
        "Overload status changed " + pool + before.wireName() + after.wireName(),
        about(depth)
            .addKeyValue("old_status", before.wireName())
            .addKeyValue("new_status", after.wireName()),
        "Overload status changed");
  }

  private LoggingEventBuilder about(int depth) {
    return log.atWarn()
        .addKeyValue("resource_pool", pool)
        .addKeyValue("queue_depth", depth)
        .addKeyValue("max_queue_size", scale.limit());
  }
}
