package io.beamline.worker.block.http;

import io.beamline.worker.block.http.RequestProgress.PhaseStart;
import io.beamline.worker.contract.ErrorCode;
import io.beamline.worker.timeout.Deadline;
import io.beamline.worker.timeout.Durations;
import io.beamline.worker.timeout.OperationTimeouts;
import java.time.Duration;

/**
 * The time limits of one request (contract section 5): a timeout for each phase, one for the whole
 * request, and the step's deadline. Immutable.
 *
 * @param timeouts the timeouts of the request and its phases
 * @param deadline when the step must end
 * @param startNanos when the request began, on the monotonic clock
 */
record HttpLimits(OperationTimeouts timeouts, Deadline deadline, long startNanos) {

  /** Which limit was exceeded. */
  enum TimeoutKind {
    CONNECT("connect"),
    HANDSHAKE("handshake"),
    RESPONSE("response"),
    TOTAL("total"),
    DEADLINE("total");

    private final String wireName;

    TimeoutKind(String wireName) {
      this.wireName = wireName;
    }

    /** Returns the {@code timeout_type} of error details and metrics. */
    String wireName() {
      return wireName;
    }

    /** Returns the error code. Every limit but the deadline counts as the provider's failure. */
    ErrorCode code() {
      return this == DEADLINE ? ErrorCode.CANCELLED_BY_TIMEOUT : ErrorCode.CONNECTION_TIMEOUT;
    }
  }

  /**
   * A limit that applies now.
   *
   * @param kind which limit it is
   * @param allowed the whole time that it allows
   * @param left the time that is left; zero or negative once it is exceeded
   */
  record Limit(TimeoutKind kind, Duration allowed, Duration left) {

    private Limit earlier(Limit other) {
      return other.left.compareTo(left) < 0 ? other : this;
    }
  }

  /**
   * Returns the limit that expires first. Of equal limits, the deadline wins, then the total
   * timeout.
   */
  Limit earliest(PhaseStart phase, long nowNanos) {
    Duration budget = Duration.ofNanos(deadline.remainingNanos(startNanos));
    return limit(TimeoutKind.DEADLINE, budget, startNanos, nowNanos)
        .earlier(limit(TimeoutKind.TOTAL, timeouts.httpAttempt(), startNanos, nowNanos))
        .earlier(ofPhase(phase, nowNanos));
  }

  /**
   * Returns the time until the limits must be checked again. That is when the current limit
   * expires, or when a phase that starts now could exceed its own.
   *
   * @param limit the limit that expires first now
   */
  Duration nextCheck(Limit limit) {
    Duration ofPhases = Durations.shorter(timeouts.httpConnect(), timeouts.httpResponse());
    return Durations.shorter(limit.left(), ofPhases);
  }

  private Limit ofPhase(PhaseStart phase, long nowNanos) {
    return switch (phase.phase()) {
      case WAITING, CONNECTING ->
          limit(TimeoutKind.CONNECT, timeouts.httpConnect(), phase.sinceNanos(), nowNanos);
      case HANDSHAKING ->
          limit(TimeoutKind.HANDSHAKE, timeouts.httpConnect(), phase.sinceNanos(), nowNanos);
      case SENDING, RECEIVING ->
          limit(TimeoutKind.RESPONSE, timeouts.httpResponse(), phase.sinceNanos(), nowNanos);
    };
  }

  private static Limit limit(TimeoutKind kind, Duration allowed, long sinceNanos, long nowNanos) {
    return new Limit(kind, allowed, allowed.minusNanos(nowNanos - sinceNanos));
  }
}
