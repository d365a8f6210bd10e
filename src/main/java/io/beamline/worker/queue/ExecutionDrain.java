package io.beamline.worker.queue;

import io.beamline.worker.config.Phases;
import io.beamline.worker.execution.Drain;
import io.beamline.worker.execution.WaitingRoom;
import io.beamline.worker.timeout.TimeSource;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * At shutdown, lets running steps finish within the grace period and hands back the rest (contract
 * section 6).
 */
final class ExecutionDrain extends DrainPhase {

  private static final Logger log = LoggerFactory.getLogger(ExecutionDrain.class);
  private static final Duration POLL_INTERVAL = Duration.ofMillis(10);
  private static final Duration INTERRUPT_GRACE = Duration.ofSeconds(1);

  private final StepPools pools;
  private final WaitingRoom waitingRoom;
  private final Drain drain;
  private final Duration grace;
  private final TimeSource time;

  ExecutionDrain(
      StepPools pools, WaitingRoom waitingRoom, Drain drain, Duration grace, TimeSource time) {
    super(Phases.EXECUTION);
    this.pools = pools;
    this.waitingRoom = waitingRoom;
    this.drain = drain;
    this.grace = grace;
    this.time = time;
  }

  @Override
  void drain() {
    waitingRoom.close().forEach(drain::handBack);
    try {
      if (!idleWithin(grace)) {
        log.atWarn()
            .addKeyValue("running", pools.running())
            .log("Steps still run at the end of the grace period; they are interrupted");
        pools.interruptRunning();
        boolean ended = idleWithin(INTERRUPT_GRACE);
        log.atInfo().addKeyValue("all_ended", ended).log("Running steps were interrupted");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    pools.interruptRunning();
    // The assignment of a block that ignores the interrupt is handed back as well.
    pools.handBackRunning();
    drain.handBackRest();
  }

  private boolean idleWithin(Duration limit) throws InterruptedException {
    long end = time.nanos() + limit.toNanos();
    while (!pools.isIdle()) {
      if (time.nanos() >= end) {
        return false;
      }
      time.sleep(POLL_INTERVAL);
    }
    return true;
  }
}
