package io.beamline.worker.contract;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The periodic report of a worker's state (contract section 2, WorkerHeartbeat). Immutable.
 *
 * @param workerId the worker's id
 * @param timestamp when the state was read
 * @param status the worker's status
 * @param cpu the share of the machine's processors that the process uses, 0.0 to 1.0
 * @param memBytes the memory that the process uses, in bytes
 * @param jobsInFlight the number of steps that run
 * @param queueDepth the number of steps that wait, by pool; null if queue management is off
 * @param cp2 the names of the flags that are on
 * @param pause the pause of the intake, null if it is not paused
 */
public record WorkerHeartbeat(
    String workerId,
    Instant timestamp,
    HeartbeatStatus status,
    double cpu,
    long memBytes,
    int jobsInFlight,
    @Nullable Map<String, Integer> queueDepth,
    List<String> cp2,
    @Nullable HeartbeatPause pause) {

  /**
   * A pause of the intake.
   *
   * @param until when the pause ends by itself, null if only an operator or a restart ends it
   */
  public record HeartbeatPause(@Nullable Instant until) {}

  /** Whether a worker has room for more steps. */
  public enum HeartbeatStatus {
    /** Each pool has a free slot. */
    READY("ready"),
    /** All slots of a pool are taken. */
    BUSY("busy"),
    /** A health check fails; one fails while the worker drains. */
    DEGRADED("degraded");

    private final String wireName;

    HeartbeatStatus(String wireName) {
      this.wireName = wireName;
    }

    /** Returns the name in messages. */
    public String wireName() {
      return wireName;
    }
  }
}
