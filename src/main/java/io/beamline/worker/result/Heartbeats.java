package io.beamline.worker.result;

import io.beamline.worker.connection.NatsSession;
import io.beamline.worker.connection.SessionListener;
import io.beamline.worker.contract.WorkerHeartbeat;
import io.beamline.worker.contract.WorkerHeartbeat.HeartbeatStatus;
import io.beamline.worker.contract.json.MessageEncoder;
import io.beamline.worker.feature.FeatureFlags;
import io.beamline.worker.feature.WorkerFeature;
import io.beamline.worker.observability.health.HealthCheck;
import io.beamline.worker.timeout.TimeSource;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;

/**
 * Publishes heartbeats (contract section 2, WorkerHeartbeat). Called by the timer and by NATS
 * threads; the fields they share are volatile.
 */
final class Heartbeats implements SessionListener {

  private static final String QUEUE_MANAGEMENT = WorkerFeature.CP2_QUEUE_MANAGEMENT_ENABLED.name();

  private final String subject;
  private final String workerId;
  private final ObjectProvider<WorkerLoad> load;
  private final ObjectProvider<IntakeView> intake;
  private final ObjectProvider<HealthCheck> checks;
  private final FeatureFlags flags;
  private final TimeSource time;
  private final long intervalNanos;
  private final MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
  private final com.sun.management.OperatingSystemMXBean system =
      ManagementFactory.getPlatformMXBean(com.sun.management.OperatingSystemMXBean.class);
  private volatile @Nullable NatsSession session;
  private volatile long lastNanos;

  /**
   * Creates the publisher.
   *
   * @param interval the time between two calls of {@link #beat}, positive
   */
  Heartbeats(
      String subject,
      String workerId,
      ObjectProvider<WorkerLoad> load,
      ObjectProvider<IntakeView> intake,
      ObjectProvider<HealthCheck> checks,
      FeatureFlags flags,
      TimeSource time,
      Duration interval) {
    this.subject = subject;
    this.workerId = workerId;
    this.load = load;
    this.intake = intake;
    this.checks = checks;
    this.flags = flags;
    this.time = time;
    this.intervalNanos = interval.toNanos();
    this.lastNanos = time.nanos();
  }

  /** Publishes one heartbeat. Does nothing without a session; a lost heartbeat is not repeated. */
  void beat() {
    NatsSession current = session;
    if (current == null) {
      return;
    }
    WorkerLoad now = load.getObject();
    List<String> cp2 = flags.enabledNames();
    WorkerHeartbeat heartbeat =
        new WorkerHeartbeat(
            workerId,
            Instant.ofEpochMilli(time.epochMillis()),
            status(now),
            Math.clamp(system.getProcessCpuLoad(), 0.0, 1.0),
            memory.getHeapMemoryUsage().getUsed() + memory.getNonHeapMemoryUsage().getUsed(),
            now.running(),
            cp2.contains(QUEUE_MANAGEMENT) ? now.queueDepths() : null,
            cp2,
            pause());
    current.connection().publish(subject, MessageEncoder.encode(heartbeat));
    lastNanos = time.nanos();
  }

  /** Returns the number of whole intervals since the last heartbeat, or since the start. */
  int missed() {
    return (int) Math.min((time.nanos() - lastNanos) / intervalNanos, Integer.MAX_VALUE);
  }

  private WorkerHeartbeat.@Nullable HeartbeatPause pause() {
    IntakeView view = intake.getIfAvailable();
    return view == null ? null : view.pause();
  }

  private HeartbeatStatus status(WorkerLoad now) {
    boolean healthy = checks.stream().allMatch(check -> check.check().healthy());
    if (!healthy) {
      return HeartbeatStatus.DEGRADED;
    }
    return now.isBusy() ? HeartbeatStatus.BUSY : HeartbeatStatus.READY;
  }

  @Override
  public void opened(NatsSession opened) {
    session = opened;
  }

  @Override
  public void closed() {
    session = null;
  }
}
