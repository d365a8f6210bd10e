package io.beamline.worker.config;

import jakarta.validation.Valid;
import jakarta.validation.constraints.AssertTrue;
import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * What happens when a queue is full (W3-4, contract sections 5 and 8); used with queue management
 * on.
 *
 * @param rejectionPolicy which step is rejected when the queue is full
 * @param resultOnRejection whether a rejected assignment also gets a result, for Routers that do
 *     not read acks
 * @param thresholds where each overload status begins
 */
@Validated
@ConfigurationProperties("worker.queue")
public record QueueProperties(
    @DefaultValue("reject_new") RejectionPolicy rejectionPolicy,
    @DefaultValue("false") boolean resultOnRejection,
    @DefaultValue @Valid Thresholds thresholds) {

  /** Which step is rejected when the queue is full. */
  public enum RejectionPolicy {
    /** The new step is refused. */
    REJECT_NEW,
    /** The step that has waited longest is dropped. */
    DROP_OLDEST
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
