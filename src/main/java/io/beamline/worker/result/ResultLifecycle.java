package io.beamline.worker.result;

import io.beamline.worker.config.Phases;
import io.beamline.worker.timeout.TimeSource;
import java.time.Duration;
import java.util.concurrent.Future;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.scheduling.concurrent.ThreadPoolTaskScheduler;

/**
 * Starts the renewal of leases and the heartbeats. At shutdown it waits at most 5 s until the
 * server has confirmed every message (contract section 6, drain).
 */
final class ResultLifecycle implements SmartLifecycle {

  private static final Logger log = LoggerFactory.getLogger(ResultLifecycle.class);
  private static final Duration CONFIRM_TIMEOUT = Duration.ofSeconds(5);
  private static final Duration POLL_INTERVAL = Duration.ofMillis(10);

  private final ThreadPoolTaskScheduler timer;
  private final ThreadPoolTaskScheduler leaseTimer;
  private final Outbox outbox;
  private final Leases leases;
  private final Heartbeats heartbeats;
  private final Duration heartbeatInterval;
  private final TimeSource time;
  private volatile boolean running;

  ResultLifecycle(
      ThreadPoolTaskScheduler timer,
      ThreadPoolTaskScheduler leaseTimer,
      Outbox outbox,
      Leases leases,
      Heartbeats heartbeats,
      Duration heartbeatInterval,
      TimeSource time) {
    this.timer = timer;
    this.leaseTimer = leaseTimer;
    this.outbox = outbox;
    this.leases = leases;
    this.heartbeats = heartbeats;
    this.heartbeatInterval = heartbeatInterval;
    this.time = time;
  }

  @Override
  public void start() {
    running = true;
    Future<?> unusedBeats = timer.scheduleAtFixedRate(heartbeats::beat, heartbeatInterval);
    new RenewalTimer(leaseTimer, leases::renewOnTime, leases::checkInterval).start();
  }

  @Override
  public void stop() {
    long end = time.nanos() + CONFIRM_TIMEOUT.toNanos();
    try {
      while (!outbox.isEmpty() && time.nanos() < end) {
        time.sleep(POLL_INTERVAL);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (outbox.unpublishedAnswers() > 0) {
      log.atWarn()
          .addKeyValue("results", outbox.unpublishedAnswers())
          .log("Results were not published; the server will deliver their assignments again");
    }
    if (outbox.unpublishedDeadLetters() > 0) {
      log.atWarn()
          .addKeyValue("dead_letters", outbox.unpublishedDeadLetters())
          .log("Dead letters were not published; the server will deliver their messages again");
    }
    running = false;
    timer.shutdown();
    leaseTimer.shutdown();
  }

  @Override
  public boolean isRunning() {
    return running;
  }

  @Override
  public int getPhase() {
    return Phases.RESULT;
  }
}
