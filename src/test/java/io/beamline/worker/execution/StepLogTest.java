package io.beamline.worker.execution;

import static org.assertj.core.api.Assertions.assertThat;

import io.beamline.worker.contract.ErrorCode;
import io.beamline.worker.contract.StepError;
import io.beamline.worker.feature.FlagSnapshot;
import io.beamline.worker.observability.logging.LogThrottle;
import io.beamline.worker.retry.RetryDecision;
import io.beamline.worker.support.LogLines;
import io.beamline.worker.timeout.Deadline;
import io.beamline.worker.timeout.TimeSource;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The lines that operators search for have their fields, whatever ended the step (section 11). */
class StepLogTest {

  private static final long MS = 1_000_000;
  private static final String IDS =
      "tenant_id=\"t\", run_id=\"run\", flow_id=\"flow\", step_id=\"step\", trace_id=\"trace\","
          + " assignment_id=\"a\", step_type=\"sleep\"";
  private static final StepError REFUSED =
      StepError.of(ErrorCode.HTTP_ERROR, "The server refused", Map.of("status_code", 503));

  private final StepLog log =
      new StepLog(new LogThrottle(TimeSource.system(), Duration.ofSeconds(1)));
  private final LogLines lines = new LogLines();
  private final Step fresh = step();
  private final Step failed = failed();

  @AfterEach
  void close() {
    lines.close();
  }

  @Test
  void saysWhichLimitAStepPassedThatNeverRan() {
    log.ended(fresh, StepConclusion.deadlineInQueue(fresh, fresh.state(), 1_005 * MS), 1_005 * MS);

    assertThat(line("Operation timeout"))
        .contains(IDS)
        .contains("error_code=\"SYSTEM_OVERLOAD\"")
        .contains("operation_type=\"sleep\", timeout_type=\"queue\"")
        .contains("timeout_ms=\"1000\", elapsed_ms=\"1005\"");
    assertThat(line("Step failed")).contains(IDS);
  }

  @Test
  void saysWhichLimitAStepPassedInAWaitOrInAnAttempt() {
    for (StepConclusion end :
        List.of(
            StepConclusion.deadlineInWait(failed, failed.state(), 1_005 * MS),
            StepConclusion.cutAtDeadline(failed, failed.state(), 1_005 * MS))) {
      try (LogLines here = new LogLines()) {
        new StepLog(new LogThrottle(TimeSource.system(), Duration.ofSeconds(1)))
            .ended(failed, end, 1_005 * MS);

        assertThat(here.warnings())
            .filteredOn(line -> line.startsWith("Operation timeout"))
            .singleElement()
            .asString()
            .contains("operation_type=\"sleep\", timeout_type=\"total\"")
            .contains("timeout_ms=\"1000\", elapsed_ms=\"1005\"");
      }
    }
  }

  /** The limits of the step fill in what the block's error does not say. */
  @Test
  void saysWhichLimitAnAttemptPassed() {
    for (String type : List.of("connect", "handshake", "response", "operation", "total")) {
      try (LogLines here = new LogLines()) {
        StepError error =
            StepError.of(
                ErrorCode.CONNECTION_TIMEOUT,
                "It took too long",
                Map.of("operation_type", "http", "timeout_type", type));
        new StepLog(new LogThrottle(TimeSource.system(), Duration.ofSeconds(1)))
            .attemptFailed(failed, error, 20 * MS);

        assertThat(here.warnings())
            .singleElement()
            .asString()
            .startsWith("Operation timeout")
            .contains(IDS)
            .contains("operation_type=\"http\", timeout_type=\"" + type + "\"")
            .containsPattern("timeout_ms=\"[0-9]+\", elapsed_ms=\"10\"");
      }
    }
  }

  @Test
  void aBudgetIsNoTimeoutOfAnOperation() {
    log.ended(failed, StepConclusion.of(new RetryDecision.BudgetReached(REFUSED)), 1_005 * MS);

    assertThat(lines.all()).noneMatch(line -> line.startsWith("Operation timeout"));
    assertThat(line("Step failed")).contains(IDS).contains("error_code=\"HTTP_ERROR\"");
  }

  @Test
  void saysWhenARetryStartsAndWhatItWaitedFor() {
    assertThat(failed.queue(Place.NONE)).isTrue();
    assertThat(failed.start(115 * MS)).isNotNull();
    log.retryStarts(failed, REFUSED, Duration.ofMillis(100), 120 * MS);

    assertThat(line("Retry attempt started"))
        .contains(IDS)
        .contains("attempt=\"2\"")
        .contains("max_attempts=\"1\"")
        .contains("backoff_delay_ms=\"100\"")
        .contains("retry_budget_used_ms=\"120\"")
        .contains("retryable=\"false\"")
        .contains("error_code=\"HTTP_ERROR\"");
  }

  private String line(String message) {
    return lines.all().stream()
        .filter(line -> line.startsWith(message))
        .findFirst()
        .orElseThrow(() -> new AssertionError(lines.all()));
  }

  private static Step step() {
    return TestSteps.under(FlagSnapshot.of(true, true), Deadline.after(0, Duration.ofSeconds(1)));
  }

  private static Step failed() {
    Step step = step();
    TestSteps.fail(step, REFUSED, 5 * MS, 15 * MS);
    return step;
  }
}
