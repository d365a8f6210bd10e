package io.beamline.worker.config;

import io.beamline.worker.destination.BreakerRule;
import io.beamline.worker.destination.DestinationLimits;
import jakarta.validation.constraints.AssertTrue;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import java.util.Map;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What destinations are spared (W3-5, contract sections 5 and 8); used with circuit breakers on.
 *
 * @param breaker when a circuit breaker opens and closes
 * @param retryBudget retries in percent of the first attempts of the last 10 s, 0 to 100
 * @param retryMinimum retries in 10 s that are always allowed, 0 to 1 000 000
 * @param maxConcurrency attempts at once at one destination, 0 to 1 000 000; 0 for no limit
 * @param maxRate attempts a second at one destination, 0 to 1 000 000; 0 for no limit
 * @param overrides what differs for some destinations: {@code <name>.<setting>} with its value
 */
@ConfigurationProperties("worker.destinations")
public record DestinationProperties(
    @DefaultValue BreakerProperties breaker,
    @DefaultValue("20") @Min(0) @Max(100) int retryBudget,
    @DefaultValue("10") @Min(0) @Max(1_000_000) int retryMinimum,
    @DefaultValue("0") @Min(0) @Max(1_000_000) int maxConcurrency,
    @DefaultValue("0") @Min(0) @Max(1_000_000) int maxRate,
    @DefaultValue Map<String, String> overrides) {

  /** Returns the limits of destinations that no override matches. */
  public DestinationLimits limits() {
    return new DestinationLimits(
        breaker.rule(), maxConcurrency, maxRate, retryBudget, retryMinimum);
  }

  /**
   * When a circuit breaker opens and closes.
   *
   * @param window attempts that it looks at, 1 to 10 000
   * @param minimum attempts it needs to decide, 1 to 10 000, not above {@code window}
   * @param failureRate percentage of failed attempts at which it opens, 1 to 100
   * @param openFor how long it stays open, 100 ms to 1 h
   * @param trials attempts with which it tries the destination, 1 to 1 000
   */
  public record BreakerProperties(
      @DefaultValue("20") @Min(1) @Max(10_000) int window,
      @DefaultValue("5") @Min(1) @Max(10_000) int minimum,
      @DefaultValue("50") @Min(1) @Max(100) int failureRate,
      @DefaultValue("10s") @DurationMin(millis = 100) @DurationMax(hours = 1) Duration openFor,
      @DefaultValue("3") @Min(1) @Max(1_000) int trials) {

    /** Whether the window can have the least number of attempts. */
    @AssertTrue(message = "minimum not above window")
    public boolean isMinimumInWindow() {
      return minimum <= window;
    }

    BreakerRule rule() {
      return new BreakerRule(window, minimum, failureRate, openFor, trials);
    }
  }
}
