package io.beamline.worker.contract;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What happened at one attempt, as a result reports it with advanced retry on (W3-1.1). Immutable.
 *
 * @param attempt 1 for the first
 * @param status how it ended
 * @param errorCode why it failed, null when it succeeded
 * @param httpStatus the status of the HTTP response, null when there was none
 * @param latencyMs how long it took
 * @param backoffMs the wait that followed it, 0 when none did
 */
public record AttemptReport(
    int attempt,
    StepStatus status,
    @Nullable ErrorCode errorCode,
    @Nullable Integer httpStatus,
    long latencyMs,
    long backoffMs) {

  /** The same attempt, which this wait has followed. */
  public AttemptReport withBackoff(Duration wait) {
    return new AttemptReport(attempt, status, errorCode, httpStatus, latencyMs, wait.toMillis());
  }
}
