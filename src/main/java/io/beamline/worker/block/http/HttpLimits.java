package io.beamline.worker.block.http;

import io.beamline.worker.block.http.Attempt.PhaseStart;
import io.beamline.worker.contract.ErrorCode;
import io.beamline.worker.timeout.Deadline;
import io.beamline.worker.timeout.Durations;
import io.beamline.worker.timeout.OperationTimeouts;
import java.time.Duration;

/**
 * When an attempt is cut (contract section 5): each phase has a timeout, all together have one, and
 * none passes the step's deadline. Pure and immutable.
 *
 * @param timeouts the timeouts of the attempt and its phases
 * @param deadline when the step must end
 * @param startNanos when the attempt began, on the monotonic clock
 */
record HttpLimits(OperationTimeouts timeouts, Deadline deadline, long startNanos) {

  /** Whose time runs out. */
  enum Cut {
    CONNECT("connect"),
    HANDSHAKE("handshake"),
    RESPONSE("response"),
    TOTAL("total"),
    DEADLINE("total");

    private final String wireName;

    Cut(String wireName) {
      this.wireName = wireName;
    }

    /** The {@code timeout_type} of details and metrics. */
    String wireName() {
      return wireName;
    }

    /** What the step ends with: only the deadline is not the provider's. */
    ErrorCode code() {
      return this == DEADLINE ? ErrorCode.CANCELLED_BY_TIMEOUT : ErrorCode.CONNECTION_TIMEOUT;
    }
  }

  /**
   * The limit that comes first.
   *
   * @param cut whose time it is
   * @param allowed the whole time it allowed
   * @param left what is left of it; zero or negative when nothing is
   */
  record Limit(Cut cut, Duration allowed, Duration left) {

    private Limit earlier(Limit other) {
      return other.left.compareTo(left) < 0 ? other : this;
    }
  }

  /** The limit that comes first in a phase; of equal ones the deadline, then the attempt's. */
  Limit first(PhaseStart step, long nowNanos) {
    Duration budget = Duration.ofNanos(deadline.remainingNanos(startNanos));
    return limit(Cut.DEADLINE, budget, startNanos, nowNanos)
        .earlier(limit(Cut.TOTAL, timeouts.httpAttempt(), startNanos, nowNanos))
        .earlier(ofPhase(step, nowNanos));
  }

  /**
   * When to look at the limits again: as soon as the present phase could pass its own, or one that
   * begins from now on could.
   *
   * @param limit the one that comes first now
   */
  Duration nextLook(Limit limit) {
    Duration ofPhases = Durations.shorter(timeouts.httpConnect(), timeouts.httpResponse());
    return Durations.shorter(limit.left(), ofPhases);
  }

  private Limit ofPhase(PhaseStart step, long nowNanos) {
    return switch (step.phase()) {
      case WAITING, CONNECTING ->
          limit(Cut.CONNECT, timeouts.httpConnect(), step.sinceNanos(), nowNanos);
      case HANDSHAKING -> limit(Cut.HANDSHAKE, timeouts.httpConnect(), step.sinceNanos(), nowNanos);
      case SENDING, RECEIVING ->
          limit(Cut.RESPONSE, timeouts.httpResponse(), step.sinceNanos(), nowNanos);
    };
  }

  private static Limit limit(Cut cut, Duration allowed, long sinceNanos, long nowNanos) {
    return new Limit(cut, allowed, allowed.minusNanos(nowNanos - sinceNanos));
  }
}
