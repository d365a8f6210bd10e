package io.beamline.worker.queue;

import io.beamline.worker.contract.ExecAssignment;
import io.beamline.worker.contract.ResourcePool;
import io.beamline.worker.execution.Step;
import io.beamline.worker.observability.LogThrottle;
import io.beamline.worker.observability.QueueMetrics.Rejection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/** The log lines of one pool's queue (W3-4.2, contract section 11). Storms are thinned. */
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

  /** A step gave way. */
  void rejected(Rejection which, Step step, int depth) {
    ExecAssignment assignment = step.assignment();
    String tenantId = assignment.tenantId();
    String assignmentId = assignment.assignmentId();
    throttle.log(
        "Queue rejection " + pool + which.wireName(),
        left ->
            about(depth, left)
                .addKeyValue("overload_status", scale.of(depth).wireName())
                .addKeyValue("rejection_reason", which.wireName())
                .addKeyValue("tenant_id", tenantId)
                .addKeyValue("assignment_id", assignmentId)
                .log("Queue rejection"));
  }

  /** The overload status has changed. */
  void changed(OverloadStatus before, OverloadStatus after, int depth) {
    throttle.log(
        "Overload status changed " + pool + before.wireName() + after.wireName(),
        left ->
            about(depth, left)
                .addKeyValue("old_status", before.wireName())
                .addKeyValue("new_status", after.wireName())
                .log("Overload status changed"));
  }

  private LoggingEventBuilder about(int depth, long left) {
    LoggingEventBuilder line =
        log.atWarn()
            .addKeyValue("resource_pool", pool)
            .addKeyValue("queue_depth", depth)
            .addKeyValue("max_queue_size", scale.limit());
    return left > 0 ? line.addKeyValue("suppressed", left) : line;
  }
}
