package io.beamline.worker.execution;

import io.beamline.worker.contract.AttemptReport;
import io.beamline.worker.contract.StepError;
import io.beamline.worker.contract.StepStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The completed attempts of a step. Immutable.
 *
 * @param attempts the number of completed attempts, 0 or more
 * @param firstStartNanos when the first attempt started, on the monotonic clock; 0 if none has
 * @param lastNanos the duration of the last attempt in nanoseconds; 0 if none has completed
 * @param lastError the error of the last attempt that failed by itself and was not cut; null if
 *     none did
 * @param lastWait the waits after the last attempt together; zero if there was none
 * @param reports the reports of the attempts for the result; null with advanced retry off
 */
record AttemptHistory(
    int attempts,
    long firstStartNanos,
    long lastNanos,
    @Nullable StepError lastError,
    Duration lastWait,
    @Nullable List<AttemptReport> reports) {

  private static final AttemptHistory REPORTED =
      new AttemptHistory(0, 0, 0, null, Duration.ZERO, List.of());
  private static final AttemptHistory UNREPORTED =
      new AttemptHistory(0, 0, 0, null, Duration.ZERO, null);

  /** Returns the history without attempts. */
  static AttemptHistory none(boolean reported) {
    return reported ? REPORTED : UNREPORTED;
  }

  /** Returns the history with one more attempt, which failed by itself. */
  AttemptHistory failed(StepError error, long startNanos, long nowNanos) {
    return after(error.status(), error, error, startNanos, nowNanos);
  }

  /** Returns the history with one more attempt, which succeeded, was cut, or died. */
  AttemptHistory ended(
      StepStatus status, @Nullable StepError error, long startNanos, long nowNanos) {
    return after(status, error, lastError, startNanos, nowNanos);
  }

  /**
   * Returns the history with one more wait after the last attempt; unchanged if there was no
   * attempt.
   */
  AttemptHistory waited(Duration wait) {
    if (attempts == 0) {
      return this;
    }
    Duration waited = lastWait.plus(wait);
    List<AttemptReport> changed = reports;
    if (changed != null) {
      changed = new ArrayList<>(changed);
      changed.add(changed.removeLast().withBackoff(waited));
    }
    return new AttemptHistory(attempts, firstStartNanos, lastNanos, lastError, waited, changed);
  }

  private AttemptHistory after(
      StepStatus status,
      @Nullable StepError error,
      @Nullable StepError newLastError,
      long startNanos,
      long nowNanos) {
    long nanos = nowNanos - startNanos;
    return new AttemptHistory(
        attempts + 1,
        attempts == 0 ? startNanos : firstStartNanos,
        nanos,
        newLastError,
        Duration.ZERO,
        reports == null ? null : with(reports, report(status, error, nanos)));
  }

  private AttemptReport report(StepStatus status, @Nullable StepError error, long nanos) {
    return new AttemptReport(
        attempts + 1,
        status,
        error == null ? null : error.code(),
        error == null ? null : error.httpStatus(),
        Duration.ofNanos(nanos).toMillis(),
        0);
  }

  private static List<AttemptReport> with(List<AttemptReport> reports, AttemptReport last) {
    List<AttemptReport> more = new ArrayList<>(reports.size() + 1);
    more.addAll(reports);
    more.add(last);
    return more;
  }
}
