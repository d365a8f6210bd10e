package io.beamline.worker.block.nats;

import static io.beamline.worker.contract.ErrorCode.CANCELLED_BY_TIMEOUT;
import static io.beamline.worker.contract.ErrorCode.CONNECTION_TIMEOUT;

import io.beamline.worker.block.BlockCall;
import io.beamline.worker.block.StepFailure;
import io.beamline.worker.timeout.Durations;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How long a reply may take (contract section 5). Immutable.
 *
 * @param allowed from the start of the attempt
 * @param startNanos when the attempt started, on the monotonic clock
 * @param byDeadline whether the step's deadline allows no more
 */
record ReplyTimeout(Duration allowed, long startNanos, boolean byDeadline) {

  /**
   * Returns the timeout of a call: what the job asks for, else the setting, and never beyond the
   * deadline. A job cannot ask for more than the longest time of its type, nor, with complete
   * timeout off, than the assignment's time for an attempt.
   *
   * @param askedMs what the job asks for, in ms; 0 if it does not
   * @param nowNanos when the attempt starts
   */
  static ReplyTimeout of(BlockCall call, long askedMs, long nowNanos) {
    boolean bounded = call.deadline().bounded();
    Duration wanted =
        askedMs == 0
            ? call.timeouts().natsRequest()
            : Durations.shorter(Duration.ofMillis(askedMs), call.timeouts().longest());
    boolean byDeadline = bounded && call.deadline().remainingNanos(nowNanos) <= wanted.toNanos();
    return new ReplyTimeout(call.deadline().cap(wanted, nowNanos), nowNanos, byDeadline);
  }

  /** Returns the nanoseconds that are left; zero or negative once the time is over. */
  long leftNanos(long nowNanos) {
    return allowed.toNanos() - (nowNanos - startNanos);
  }

  /** Returns the failure of an attempt whose time is over. */
  StepFailure failure(long nowNanos) {
    Map<String, Object> details = new LinkedHashMap<>();
    details.put("operation_type", "nats_request");
    details.put("timeout_type", byDeadline ? "total" : "response");
    details.put("timeout_ms", allowed.toMillis());
    details.put("elapsed_ms", Duration.ofNanos(nowNanos - startNanos).toMillis());
    return byDeadline
        ? StepFailure.of(
            CANCELLED_BY_TIMEOUT, "The step's time was over before the reply came", details)
        : StepFailure.of(CONNECTION_TIMEOUT, "No reply came in time", details);
  }
}
