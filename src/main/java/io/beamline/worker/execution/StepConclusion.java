package io.beamline.worker.execution;

import io.beamline.worker.contract.CancelRequest;
import io.beamline.worker.contract.CancelStage;
import io.beamline.worker.contract.ErrorCode;
import io.beamline.worker.contract.ErrorType;
import io.beamline.worker.contract.Outputs;
import io.beamline.worker.contract.RejectReason;
import io.beamline.worker.contract.StepError;
import io.beamline.worker.contract.StepOutcome;
import io.beamline.worker.destination.Refusal;
import io.beamline.worker.retry.RetryDecision;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The outcome of a step and the reason for its end. If no attempt follows a failed one, the step
 * keeps the error of that attempt (contract section 5), unless a full queue drops the step, a drain
 * cancels it or the worker fails. If an attempt is cut, the step gets the error of the cut.
 * Immutable.
 *
 * @param outcome the outcome in the step's result
 * @param reason the reason for the end
 */
record StepConclusion(StepOutcome outcome, EndReason reason) {

  /** The value of {@link RetryDecision#STOPPED_BY} for the step's deadline. */
  private static final String DEADLINE = "deadline";

  /** The block succeeded. */
  static StepConclusion succeeded(Outputs outputs) {
    return new StepConclusion(new StepOutcome.Success(outputs), EndReason.SUCCEEDED);
  }

  /** The last attempt is not retried. */
  static StepConclusion of(RetryDecision decision) {
    EndReason reason =
        switch (decision) {
          case RetryDecision.NotRetryable end -> EndReason.NOT_RETRYABLE;
          case RetryDecision.AttemptsExhausted end -> EndReason.ATTEMPTS_EXHAUSTED;
          case RetryDecision.BudgetReached end -> EndReason.BUDGET_REACHED;
          case RetryDecision.WaitingRoomFull end -> EndReason.WAITING_ROOM_FULL;
          case RetryDecision.Retry retry ->
              throw new IllegalArgumentException("another attempt follows");
        };
    return failed(decision.error(), reason);
  }

  /** The retry budget of the destination allows no retry. */
  static StepConclusion retrySuppressed(StepError last) {
    return failed(
        last.withDetail("retry_suppressed", "destination_budget"), EndReason.RETRY_SUPPRESSED);
  }

  /** The circuit breaker of the destination is open, and the step does not wait for it. */
  static StepConclusion circuitOpen(Step step, StepState state, Refusal refusal) {
    return failed(unavailable(step, state, refusal), EndReason.CIRCUIT_OPEN);
  }

  /**
   * The retry budget was used up while the step waited for another attempt, or for an open circuit
   * breaker. Returns null if no attempt has failed and it does not wait for a breaker: then it may
   * go on.
   */
  static @Nullable StepConclusion atBudget(Step step, StepState state) {
    StepError last = state.history().lastError();
    if (last != null) {
      return budgetReached(last);
    }
    Refusal refusal = refusal(state);
    return refusal == null ? null : circuitOpen(step, state, refusal);
  }

  /** The retry budget was used up while the step waited for another attempt. */
  static StepConclusion budgetReached(StepError last) {
    return failed(
        last.withDetail(RetryDecision.STOPPED_BY, RetryDecision.RETRY_BUDGET),
        EndReason.BUDGET_REACHED);
  }

  /** The deadline passed while the step waited for a slot. */
  static StepConclusion deadlineInQueue(Step step, StepState state, long nowNanos) {
    return failed(whileWaiting(step, state, nowNanos), EndReason.DEADLINE_IN_QUEUE);
  }

  /** The deadline passed while the step waited for another attempt. */
  static StepConclusion deadlineInWait(Step step, StepState state, long nowNanos) {
    return failed(whileWaiting(step, state, nowNanos), EndReason.DEADLINE);
  }

  /** The deadline passed during an attempt, which is cut. */
  static StepConclusion cutAtDeadline(Step step, StepState state, long nowNanos) {
    Map<String, Object> details = new LinkedHashMap<>();
    details.put("operation_type", step.type());
    details.put("timeout_type", "total");
    details.put("timeout_ms", step.limits().total().toMillis());
    details.put("elapsed_ms", step.age(nowNanos).toMillis());
    StepError last = state.history().lastError();
    if (last != null) {
      details.put("attempts", state.attempts());
      details.put("last_error_code", last.code().name());
      details.put("last_error_message", last.message());
    }
    return failed(
        StepError.of(ErrorCode.CANCELLED_BY_TIMEOUT, "The step's deadline passed", details),
        EndReason.DEADLINE);
  }

  /** The block threw an {@link Error}, or the worker failed unexpectedly. */
  static StepConclusion died() {
    return failed(
        StepError.of(ErrorCode.INTERNAL_ERROR, "The block died of an Error, or the worker failed"),
        EndReason.DIED);
  }

  /** The step may have been the death of too many workers, and is not run again. */
  static StepConclusion deliveredTooOften(StepError error) {
    return failed(error, EndReason.DELIVERED_TOO_OFTEN);
  }

  /** The step was dropped from a full queue for a newer step. */
  static StepConclusion dropped() {
    return failed(
        StepError.of(
            ErrorCode.SYSTEM_OVERLOAD, "Dropped from a full queue to make room for a newer step"),
        EndReason.QUEUE_FULL);
  }

  /** The step was rejected because the queue was full. The result repeats what the ack says. */
  static StepConclusion rejected() {
    return noRoom("There is no room in the queue", Map.of());
  }

  /** The worker shuts down in core delivery before the step was queued. */
  static StepConclusion rejectedByShutdown() {
    return noRoom("The worker shuts down", Map.of("reason", RejectReason.SHUTTING_DOWN.wireName()));
  }

  private static StepConclusion noRoom(String message, Map<String, Object> details) {
    return failed(StepError.of(ErrorCode.SYSTEM_OVERLOAD, message, details), EndReason.QUEUE_FULL);
  }

  /** The worker shuts down in core delivery, where it cannot hand the assignment back. */
  static StepConclusion cancelledByShutdown() {
    return failed(
        StepError.of(ErrorCode.CANCELLED_BY_USER, "The worker shuts down"), EndReason.CANCELLED);
  }

  /**
   * The step was cancelled on request.
   *
   * @param state its state before the end
   * @param stage where it was in that state
   */
  static StepConclusion cancelledOnRequest(
      Step step, StepState state, CancelStage stage, CancelRequest request) {
    Map<String, Object> details = new LinkedHashMap<>();
    if (request.reason() != null) {
      details.put("reason", request.reason());
    }
    if (request.requestedBy() != null) {
      details.put("requested_by", request.requestedBy());
    }
    details.put("stage", stage.wireName());
    details.put("effect", mayHaveHadEffect(step, state) ? "unknown" : "none");
    return failed(
        StepError.of(ErrorCode.CANCELLED_BY_USER, "The step was cancelled on request", details),
        EndReason.CANCELLED_ON_REQUEST);
  }

  /** An earlier delivery may have started on another worker. */
  private static boolean mayHaveHadEffect(Step step, StepState state) {
    boolean mayHaveStarted = state.attempts() > 0 || step.answer().delivery().count() > 1;
    return mayHaveStarted && step.block().hasEffects();
  }

  /**
   * Returns this conclusion with the outcome that was published. The two outcomes differ if the
   * result was too large.
   */
  @SuppressWarnings("ReferenceEquality") // equals() would compare whole outputs
  StepConclusion withOutcome(StepOutcome published) {
    return published == outcome ? this : new StepConclusion(published, reason);
  }

  /** Returns the error, or null if the step succeeded. */
  @Nullable StepError error() {
    return outcome instanceof StepOutcome.Failure failure ? failure.error() : null;
  }

  private static StepConclusion failed(StepError error, EndReason reason) {
    return new StepConclusion(new StepOutcome.Failure(error), reason);
  }

  /** Returns why the breaker keeps the step waiting, or null if it does not. */
  private static @Nullable Refusal refusal(StepState state) {
    return state.place() instanceof DestinationWait wait ? wait.refusal() : null;
  }

  private static StepError unavailable(Step step, StepState state, Refusal refusal) {
    Map<String, Object> details = new LinkedHashMap<>();
    details.put("reason", "circuit_open");
    details.put("destination", refusal.destination());
    if (refusal.retryAfter() != null) {
      details.put("retry_after_ms", refusal.retryAfter().toMillis());
    }
    StepError last = state.history().lastError();
    if (last != null) {
      details.put("attempts", state.attempts());
      details.put("last_error_code", last.code().name());
      details.put("last_error_message", last.message());
    }
    return new StepError(
        step.block().unavailable(),
        ErrorType.PROVIDER_UNAVAILABLE,
        "The destination failed before, and is not tried now",
        true,
        details);
  }

  /**
   * Returns the error of a step whose deadline passes while it waits: its last error, or if no
   * attempt has failed what it waits for: an open circuit breaker, or else room.
   */
  private static StepError whileWaiting(Step step, StepState state, long nowNanos) {
    StepError last = state.history().lastError();
    if (last != null) {
      return last.withDetail(RetryDecision.STOPPED_BY, DEADLINE);
    }
    Refusal refusal = refusal(state);
    if (refusal != null) {
      return unavailable(step, state, refusal);
    }
    Map<String, Object> details = new LinkedHashMap<>();
    details.put("stage", "queued");
    details.put("waited_ms", step.age(nowNanos).toMillis());
    return StepError.of(
        ErrorCode.SYSTEM_OVERLOAD, "The step waited for a slot until its time was over", details);
  }
}
