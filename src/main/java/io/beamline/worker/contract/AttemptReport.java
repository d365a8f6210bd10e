package io.beamline.worker.contract;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One attempt, as a result reports it if advanced retry is on (W3-1.1, contract section 2).
 * Immutable.
 *
 * @param attempt the attempt's number, 1 for the first
 * @param status how the attempt ended
 * @param errorCode why it failed, null if it succeeded
 * @param httpStatus the status of the HTTP response, null without a response
 * @param latencyMs the attempt's duration in ms
 * @param backoffMs the wait after the attempt in ms, 0 if none followed
 */
public record AttemptReport(
    int attempt,
    StepStatus status,
    @Nullable ErrorCode errorCode,
    @Nullable Integer httpStatus,
    long latencyMs,
    long backoffMs) {

  /** Returns the same attempt with the wait that followed it. */
  public AttemptReport withBackoff(Duration wait) {
    return new AttemptReport(attempt, status, errorCode, httpStatus, latencyMs, wait.toMillis());
  }
}
