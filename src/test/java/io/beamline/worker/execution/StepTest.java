package io.beamline.worker.execution;

import static org.assertj.core.api.Assertions.assertThat;

import io.beamline.worker.contract.ErrorCode;
import io.beamline.worker.contract.StepError;
import io.beamline.worker.contract.StepOutcome;
import io.beamline.worker.contract.StepStatus;
import io.beamline.worker.feature.FlagSnapshot;
import io.beamline.worker.observability.LogThrottle;
import io.beamline.worker.observability.RetryOutcome;
import io.beamline.worker.support.LogLines;
import io.beamline.worker.timeout.TimeSource;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a step tells of itself, while it runs and afterwards. */
class StepTest {

  private static final long MS = 1_000_000;

  private final Step step = TestSteps.under(FlagSnapshot.of(true, true));

  @Test
  void tellsHowLongAnAttemptHasTakenSoFar() {
    assertThat(step.attemptTime(7 * MS)).isZero();
    step.attemptStarted(10 * MS);
    assertThat(step.attemptTime(15 * MS)).isEqualTo(Duration.ofMillis(5));
    step.attemptEnded(17 * MS);
    assertThat(step.attemptTime(99 * MS)).isEqualTo(Duration.ofMillis(7));
  }

  @Test
  void reportsAnAttemptThatIsCutOnce() {
    StepError cut = TimeUp.total(step, 25 * MS);
    step.cut(cut, 5 * MS);
    assertThat(step.reports()).as("nothing ran").isEmpty();

    step.attemptStarted(10 * MS);
    step.cut(cut, 25 * MS);
    step.report(StepStatus.SUCCESS, null, Duration.ZERO, 26 * MS);

    assertThat(step.reports()).hasSize(1);
    assertThat(step.reports().getFirst().status()).isEqualTo(StepStatus.TIMEOUT);
    assertThat(step.reports().getFirst().latencyMs()).isEqualTo(15);
  }

  @Test
  void leavesOnce() {
    assertThat(step.leave()).isTrue();
    assertThat(step.leave()).isFalse();
  }

  @Test
  void aTimeoutOfOneOperationIsNoEndOfTheBudget() {
    StepError operation = timeout("operation");
    StepError total = timeout("total");

    assertThat(StepMeasures.outcome(step, operation, operation))
        .isEqualTo(RetryOutcome.NOT_RETRYABLE);
    assertThat(StepMeasures.outcome(step, total, total)).isEqualTo(RetryOutcome.BUDGET);
    step.exhaustBudget();
    assertThat(StepMeasures.outcome(step, operation, TimeUp.budget(step)))
        .isEqualTo(RetryOutcome.BUDGET);
  }

  @Test
  void theLogTellsHowLongAStepWaitedThatNeverRan() {
    StepLog log = new StepLog(new LogThrottle(TimeSource.system(), Duration.ofSeconds(1)));
    long now = 30_000 * MS;
    try (LogLines lines = new LogLines()) {
      log.ended(step, new StepOutcome.Failure(TimeUp.inQueue(step, now)), now);

      assertThat(lines.warnings())
          .anyMatch(
              line ->
                  line.startsWith("Operation timeout") && line.contains("elapsed_ms=\"30000\""));
    }
  }

  private static StepError timeout(String type) {
    return StepError.of(
        ErrorCode.CANCELLED_BY_TIMEOUT, "The time is up", Map.of("timeout_type", type));
  }
}
