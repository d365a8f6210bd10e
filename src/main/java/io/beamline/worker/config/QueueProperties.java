package io.beamline.worker.config;

import jakarta.validation.constraints.AssertTrue;
import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What happens when a queue is full (W3-4, contract sections 5 and 8); used with queue management
 * on.
 *
 * @param rejectionPolicy which step is rejected when the queue is full, or whether none is
 * @param holdAhead with the policy {@code hold}, the time for which a pool may have steps waiting,
 *     0 s to 1 min
 * @param resultOnRejection whether a rejected assignment also gets a result, for Routers that do
 *     not read acks
 * @param thresholds where each overload status begins
 */
@ConfigurationProperties("worker.queue")
public record QueueProperties(
    @DefaultValue("reject_new") RejectionPolicy rejectionPolicy,
    @DefaultValue("100ms") @DurationMin @DurationMax(minutes = 1) Duration holdAhead,
    @DefaultValue("false") boolean resultOnRejection,
    @DefaultValue Thresholds thresholds) {

  /** Which step is rejected when the queue is full. */
  public enum RejectionPolicy {
    /** The new step is refused. */
    REJECT_NEW,
    /** The step that has waited longest is dropped. */
    DROP_OLDEST,
    /** No step is refused: the worker takes only what it will soon run. */
    HOLD
  }

  /**
   * The share of the queue in use where each overload status begins.
   *
   * @param degraded 0.0 to 1.0
   * @param overloaded 0.0 to 1.0, not below {@code degraded}
   */
  public record Thresholds(
      @DefaultValue("0.5") @DecimalMin("0.0") @DecimalMax("1.0") double degraded,
      @DefaultValue("0.8") @DecimalMin("0.0") @DecimalMax("1.0") double overloaded) {

    /** Whether the thresholds are in order. */
    @AssertTrue(message = "overloaded not below degraded")
    public boolean isOrdered() {
      return overloaded >= degraded;
    }
  }
}
