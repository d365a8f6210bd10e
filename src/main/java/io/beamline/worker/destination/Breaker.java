package io.beamline.worker.destination;

import io.beamline.worker.timeout.TimeSource;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowType;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.concurrent.TimeUnit;

/**
 * The circuit breaker of one destination, on the state machine of Resilience4j. Not thread-safe:
 * the destination's lock guards it.
 */
final class Breaker {

  private final CircuitBreaker machine;

  Breaker(CircuitBreakerConfig config, String name) {
    this.machine = CircuitBreaker.of(name, config);
  }

  /** Returns the configuration for a rule; breakers may share it. */
  static CircuitBreakerConfig config(BreakerRule rule, TimeSource time) {
    return CircuitBreakerConfig.custom()
        .slidingWindowType(SlidingWindowType.COUNT_BASED)
        .slidingWindowSize(rule.window())
        .minimumNumberOfCalls(rule.minimum())
        .failureRateThreshold(rule.failureRate())
        .waitDurationInOpenState(rule.openFor())
        .permittedNumberOfCallsInHalfOpenState(rule.trials())
        .clock(new MonotonicClock(time))
        .build();
  }

  /** Takes the permission for one attempt, if there is one. */
  boolean tryPermission() {
    return machine.tryAcquirePermission();
  }

  /** Gives a permission back of which nothing is to be said. */
  void release() {
    machine.releasePermission();
  }

  /** Records an attempt. How long it took is not told, because only failures open the breaker. */
  void record(boolean worked) {
    if (worked) {
      machine.onSuccess(0, TimeUnit.NANOSECONDS);
    } else {
      machine.onError(0, TimeUnit.NANOSECONDS, new AttemptFailedException());
    }
  }

  /** Tries the destination from now on. */
  void halfOpen() {
    machine.transitionToHalfOpenState();
  }

  /** Follows the operator. {@code AUTO} begins with a closed breaker that has seen nothing. */
  void force(ForcedState wanted) {
    switch (wanted) {
      case OPEN -> machine.transitionToForcedOpenState();
      case CLOSED -> machine.transitionToDisabledState();
      case AUTO -> machine.transitionToClosedState();
    }
  }

  BreakerState state() {
    return switch (machine.getState()) {
      case CLOSED, DISABLED, METRICS_ONLY -> BreakerState.CLOSED;
      case HALF_OPEN -> BreakerState.HALF_OPEN;
      case OPEN, FORCED_OPEN -> BreakerState.OPEN;
    };
  }

  /** Returns the number of attempts in the window. */
  int attempts() {
    return machine.getMetrics().getNumberOfBufferedCalls();
  }

  /** Returns the percentage of failed attempts in the window, 0 to 100. */
  double failureRate() {
    int all = attempts();
    return all == 0 ? 0 : 100.0 * machine.getMetrics().getNumberOfFailedCalls() / all;
  }

  /** Shows the worker's monotonic time, so that a change of the machine's clock changes nothing. */
  private static final class MonotonicClock extends Clock {

    private final TimeSource time;

    MonotonicClock(TimeSource time) {
      this.time = time;
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }

    @Override
    public Instant instant() {
      return Instant.EPOCH.plusNanos(time.nanos());
    }
  }

  /** Resilience4j counts a failure by its exception. It has no stack trace, as nobody sees it. */
  private static final class AttemptFailedException extends Exception {

    AttemptFailedException() {
      super("the attempt failed", null, false, false);
    }
  }
}
