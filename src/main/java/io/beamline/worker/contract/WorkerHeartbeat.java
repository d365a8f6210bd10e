package io.beamline.worker.contract;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The sign that a worker lives (contract section 2, WorkerHeartbeat). Immutable.
 *
 * @param workerId who lives
 * @param timestamp when
 * @param status how it does
 * @param cpu the share of the machine's processors it uses, 0.0 to 1.0
 * @param memBytes the memory it uses
 * @param jobsInFlight steps that run
 * @param queueDepth steps that wait, by pool; null with queue management off
 * @param cp2 the names of the flags that are on
 * @param pause the pause of the intake; null while there is none
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
   * The worker takes no assignments for now.
   *
   * @param until when it will again by itself; null for not before it is told to
   */
  public record HeartbeatPause(@Nullable Instant until) {}

  /** How a worker does. */
  public enum HeartbeatStatus {
    /** It has free slots. */
    READY("ready"),
    /** All slots of a pool are taken. */
    BUSY("busy"),
    /** It drains, or a check of its health fails. */
    DEGRADED("degraded");

    private final String wireName;

    HeartbeatStatus(String wireName) {
      this.wireName = wireName;
    }

    /** The name as it appears in messages. */
    public String wireName() {
      return wireName;
    }
  }
}
