package io.beamline.worker.execution;

import static org.assertj.core.api.Assertions.assertThat;

import io.beamline.worker.contract.CancelRequest;
import io.beamline.worker.contract.CancelStage;
import io.beamline.worker.contract.CancelTarget;
import io.beamline.worker.contract.CancelTarget.IdKind;
import io.beamline.worker.contract.ErrorCode;
import io.beamline.worker.contract.ErrorType;
import io.beamline.worker.contract.Outputs;
import io.beamline.worker.contract.RouterRules;
import io.beamline.worker.contract.StepError;
import io.beamline.worker.contract.StepStatus;
import io.beamline.worker.feature.FlagSnapshot;
import io.beamline.worker.observability.metrics.RetryOutcome;
import io.beamline.worker.retry.RetryDecision;
import io.beamline.worker.timeout.Deadline;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What a step's result shows, by what ended it (contract section 5). */
class StepConclusionTest {

  private static final long MS = 1_000_000;
  private static final StepError REFUSED =
      new StepError(
          ErrorCode.HTTP_ERROR,
          ErrorType.CLIENT_ERROR,
          "The server refused",
          true,
          Map.of("status_code", 429));

  private final Step fresh =
      TestSteps.under(FlagSnapshot.of(true, true), Deadline.after(0, Duration.ofSeconds(1)));
  private final Step failed = failed();

  @Test
  void aStepThatNeverRanIsAnOverloadOfTheWorker() {
    StepConclusion end = StepConclusion.deadlineInQueue(fresh, fresh.state(), 1_005 * MS);

    assertThat(end.outcome().status()).isEqualTo(StepStatus.ERROR);
    assertThat(error(end).code()).isEqualTo(ErrorCode.SYSTEM_OVERLOAD);
    assertThat(error(end).type()).isEqualTo(ErrorType.OVERLOAD_ERROR);
    assertThat(error(end).details()).isEqualTo(Map.of("stage", "queued", "waited_ms", 1_005L));
    assertThat(end.reason()).isEqualTo(EndReason.DEADLINE_IN_QUEUE);
  }

  @Test
  void theLastRealErrorStandsWhenTheDeadlinePassesBetweenAttempts() {
    for (StepConclusion end :
        Stream.of(
                StepConclusion.deadlineInQueue(failed, failed.state(), 1_005 * MS),
                StepConclusion.deadlineInWait(failed, failed.state(), 1_005 * MS))
            .toList()) {
      assertThat(error(end)).isEqualTo(REFUSED.withDetail("stopped_by", "deadline"));
      assertThat(error(end).details()).containsEntry("status_code", 429);
    }
  }

  @Test
  void theLastRealErrorStandsWhenTheBudgetEndsInTheQueue() {
    StepConclusion end = StepConclusion.budgetReached(REFUSED);

    assertThat(error(end)).isEqualTo(REFUSED.withDetail("stopped_by", "retry_budget"));
    assertThat(end.reason()).isEqualTo(EndReason.BUDGET_REACHED);
  }

  @ParameterizedTest
  @EnumSource
  void aCancellationSaysWhoAskedAndWhereTheStepWas(CancelStage stage) {
    CancelTarget target = new CancelTarget("t", IdKind.RUN_ID, "r");
    CancelRequest request = new CancelRequest(target, "why", "me", null);
    CancelRequest bare = new CancelRequest(target, null, null, null);

    StepConclusion end = StepConclusion.cancelledOnRequest(fresh, fresh.state(), stage, request);

    assertThat(end.outcome().status()).isEqualTo(StepStatus.CANCELLED);
    assertThat(error(end).code()).isEqualTo(ErrorCode.CANCELLED_BY_USER);
    assertThat(error(end).retryable()).isFalse();
    assertThat(error(end).details())
        .isEqualTo(
            Map.of(
                "reason", "why",
                "requested_by", "me",
                "stage", stage.wireName(),
                "effect", "none"));
    assertThat(
            error(StepConclusion.cancelledOnRequest(failed, failed.state(), stage, bare)).details())
        .containsOnlyKeys("stage", "effect");
  }

  @Test
  void onlyAnAttemptThatWasCutIsATimeout() {
    StepConclusion end = StepConclusion.cutAtDeadline(failed, failed.state(), 1_040 * MS);

    assertThat(end.outcome().status()).isEqualTo(StepStatus.TIMEOUT);
    assertThat(error(end).code()).isEqualTo(ErrorCode.CANCELLED_BY_TIMEOUT);
    assertThat(error(end).details())
        .containsEntry("operation_type", "sleep")
        .containsEntry("timeout_type", "total")
        .containsEntry("timeout_ms", 1_000L)
        .containsEntry("elapsed_ms", 1_040L)
        .containsEntry("last_error_code", "HTTP_ERROR");
  }

  /** The Router searches the message for a digit and for three words. */
  @Test
  void noMessageBlamesTheProvider() {
    assertThat(
            Stream.of(
                StepConclusion.deadlineInQueue(fresh, fresh.state(), 1_005 * MS),
                StepConclusion.died(),
                StepConclusion.dropped(),
                StepConclusion.rejected(),
                StepConclusion.cancelledByShutdown()))
        .allSatisfy(
            end -> {
              String message = error(end).message();
              assertThat(RouterRules.looksLikeProviderFault(message)).as(message).isFalse();
              assertThat(message).doesNotStartWith("The step failed with");
            });
  }

  static Stream<Object[]> outcomes() {
    StepError cut = timeout("total");
    StepError operation = timeout("operation");
    Outputs outputs = Outputs.of(Map.of());
    Step step =
        TestSteps.under(FlagSnapshot.of(true, true), Deadline.after(0, Duration.ofSeconds(1)));
    return Stream.of(
        new Object[] {StepConclusion.succeeded(outputs), REFUSED, RetryOutcome.RECOVERED},
        new Object[] {
          StepConclusion.of(new RetryDecision.AttemptsExhausted(REFUSED)),
          REFUSED,
          RetryOutcome.EXHAUSTED
        },
        new Object[] {
          StepConclusion.of(new RetryDecision.WaitingRoomFull(REFUSED)),
          REFUSED,
          RetryOutcome.EXHAUSTED
        },
        new Object[] {
          StepConclusion.of(new RetryDecision.BudgetReached(REFUSED)), REFUSED, RetryOutcome.BUDGET
        },
        new Object[] {
          StepConclusion.of(new RetryDecision.NotRetryable(operation)),
          operation,
          RetryOutcome.NOT_RETRYABLE
        },
        new Object[] {
          StepConclusion.of(new RetryDecision.NotRetryable(cut)), cut, RetryOutcome.BUDGET
        },
        new Object[] {StepConclusion.budgetReached(REFUSED), REFUSED, RetryOutcome.BUDGET},
        new Object[] {
          StepConclusion.deadlineInWait(step, step.state(), MS), REFUSED, RetryOutcome.BUDGET
        },
        new Object[] {
          StepConclusion.cutAtDeadline(step, step.state(), MS), REFUSED, RetryOutcome.BUDGET
        },
        new Object[] {StepConclusion.died(), REFUSED, RetryOutcome.EXHAUSTED});
  }

  @ParameterizedTest
  @MethodSource("outcomes")
  void countsHowAStepEndedThatFailedAtLeastOnce(
      StepConclusion end, StepError last, RetryOutcome outcome) {
    assertThat(StepMetrics.outcome(end, last)).isEqualTo(outcome);
  }

  private static Step failed() {
    Step step =
        TestSteps.under(FlagSnapshot.of(true, true), Deadline.after(0, Duration.ofSeconds(1)));
    TestSteps.fail(step, REFUSED, MS, 2 * MS);
    return step;
  }

  private static StepError error(StepConclusion end) {
    return Objects.requireNonNull(end.error());
  }

  private static StepError timeout(String type) {
    return StepError.of(
        ErrorCode.CANCELLED_BY_TIMEOUT, "The time is up", Map.of("timeout_type", type));
  }
}
