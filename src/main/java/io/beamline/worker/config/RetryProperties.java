package io.beamline.worker.config;

import io.beamline.worker.contract.ErrorCode;
import io.beamline.worker.retry.Jitter;
import io.beamline.worker.retry.Retryability;
import jakarta.validation.constraints.AssertTrue;
import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How failed attempts are repeated (W3-1, contract sections 5 and 8). CP1 uses {@code maxAttempts}
 * and {@code maxWaiting} only.
 *
 * @param maxAttempts attempts in all, the first included, when the assignment does not say; 1 to 20
 * @param baseDelay the wait before the first retry, 1 ms to 1 min
 * @param maxDelay the longest wait, 1 ms to 1 h
 * @param multiplier the growth of the wait, 1.0 to 10.0
 * @param jitter how the wait is randomised
 * @param maxWaiting steps that may wait for their next attempt, 1 to 1 000 000
 * @param retryableCodes error codes retryable besides the contract's: EXECUTION_FAILED,
 *     QUOTA_EXCEEDED, INTERNAL_ERROR
 * @param retryableStatuses HTTP statuses retryable besides 408, 429 and 5xx, 400 to 599
 * @param types what differs for step types: {@code <type>.<setting>} with its value
 * @param statuses what differs for HTTP statuses: {@code <status>.<setting>} with its value
 */
@ConfigurationProperties("worker.retry")
public record RetryProperties(
    @DefaultValue("4") @Min(1) @Max(20) int maxAttempts,
    @DefaultValue("100ms") @DurationMin(millis = 1) @DurationMax(minutes = 1) Duration baseDelay,
    @DefaultValue("30s") @DurationMin(millis = 1) @DurationMax(hours = 1) Duration maxDelay,
    @DefaultValue("2.0") @DecimalMin("1.0") @DecimalMax("10.0") double multiplier,
    @DefaultValue("none") Jitter jitter,
    @DefaultValue("10000") @Min(1) @Max(1_000_000) int maxWaiting,
    @DefaultValue Set<ErrorCode> retryableCodes,
    @DefaultValue Set<Integer> retryableStatuses,
    @DefaultValue Map<String, String> types,
    @DefaultValue Map<String, String> statuses) {

  /** The statuses of errors, in words. */
  static final String ERROR_STATUSES = "from 400 to 599";

  /** Whether only codes that the contract leaves open are made retryable. */
  @AssertTrue(message = "no retryable code but EXECUTION_FAILED, QUOTA_EXCEEDED and INTERNAL_ERROR")
  public boolean isRetryableCodesOpen() {
    return Retryability.CONFIGURABLE.containsAll(retryableCodes);
  }

  /** Whether the statuses are those of errors. */
  @AssertTrue(message = "retryable statuses " + ERROR_STATUSES)
  public boolean isRetryableStatusesErrors() {
    return retryableStatuses.stream().allMatch(RetryProperties::isErrorStatus);
  }

  /** Returns whether an HTTP status is one of {@link #ERROR_STATUSES}. */
  static boolean isErrorStatus(int status) {
    return status >= 400 && status <= 599;
  }
}
