package io.beamline.worker.retry;

import static org.assertj.core.api.Assertions.assertThat;

import io.beamline.worker.contract.ErrorCode;
import io.beamline.worker.contract.ErrorType;
import io.beamline.worker.contract.StepError;
import io.beamline.worker.timeout.Deadline;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Every row of contract section 5 that says what follows a failed attempt. */
class RetryDecisionTest {

  private static final RetryRules ADVANCED =
      RetryRules.advanced(
          new Retryability(Set.of(), Set.of()),
          new ExponentialBackoff(
              Duration.ofMillis(100), 2.0, Duration.ofSeconds(30), Jitter.NONE, () -> 0),
          RetryOverrides.NONE);

  /** Attempts begin here, and steps arrive half a second before. */
  private static final long START = ms(10_000);

  /**
   * The table. {@code flags}: none, retry, timeout, both. {@code error}: a code, or a status of an
   * HTTP response. {@code asked}: what Retry-After asks for. {@code base}: {@code backoff_ms}.
   * {@code at}: the time since the first attempt's start. {@code follows}: the wait in ms, or why
   * none follows. The step arrived 500 ms before its first attempt.
   */
  @ParameterizedTest(name = "{0}: attempt {1} of {2} fails with {3} at {6} ms -> {8}")
  @CsvSource(
      nullValues = "-",
      textBlock =
          """
          # flags | no | max | error | asked | base | at | total | follows
          # CP1: every failure, 100 ms x n, no budget, no Retry-After
          none    | 1  | 4  | NETWORK_ERROR         | -     | -   | 5     | 30000 | 100
          none    | 2  | 4  | NETWORK_ERROR         | -     | -   | 105   | 30000 | 200
          none    | 3  | 4  | NETWORK_ERROR         | -     | -   | 310   | 30000 | 300
          none    | 4  | 4  | NETWORK_ERROR         | -     | -   | 615   | 30000 | AttemptsExhausted
          none    | 1  | 1  | NETWORK_ERROR         | -     | -   | 5     | 30000 | AttemptsExhausted
          none    | 19 | 20 | NETWORK_ERROR         | -     | -   | 5     | 30000 | 1900
          none    | 1  | 4  | INVALID_INPUT         | -     | -   | 5     | 30000 | 100
          none    | 1  | 4  | 404                   | -     | -   | 5     | 30000 | 100
          none    | 1  | 4  | CANCELLED_BY_TIMEOUT  | -     | -   | 5     | 30000 | 100
          none    | 1  | 4  | 429                   | 10000 | -   | 5     | 30000 | 100
          none    | 1  | 4  | NETWORK_ERROR         | -     | 700 | 5     | 30000 | 100
          none    | 1  | 4  | NETWORK_ERROR         | -     | -   | 90000 | 30000 | 100
          # complete timeout alone: what was cut by a timeout is not retried, its deadline is no budget
          timeout | 1  | 4  | CANCELLED_BY_TIMEOUT  | -     | -   | 5     | 30000 | NotRetryable
          timeout | 1  | 4  | CONNECTION_TIMEOUT    | -     | -   | 5     | 30000 | 100
          timeout | 1  | 4  | NETWORK_ERROR         | -     | -   | 29450 | 30000 | 100
          timeout | 1  | 4  | 404                   | -     | -   | 5     | 30000 | 100
          # advanced retry: base x 2^(n-1) up to 30 s, only what is retryable
          retry   | 1  | 20 | 503                   | -     | -   | 5     | 99999 | 100
          retry   | 2  | 20 | 503                   | -     | -   | 5     | 99999 | 200
          retry   | 4  | 20 | 503                   | -     | -   | 5     | 99999 | 800
          retry   | 10 | 20 | 503                   | -     | -   | 5     | 99999 | 30000
          retry   | 1  | 20 | 503                   | -     | 700 | 5     | 99999 | 700
          retry   | 2  | 20 | 503                   | -     | 700 | 5     | 99999 | 1400
          retry   | 1  | 4  | 404                   | -     | -   | 5     | 30000 | NotRetryable
          retry   | 1  | 4  | 408                   | -     | -   | 5     | 30000 | 100
          retry   | 1  | 4  | INVALID_INPUT         | -     | -   | 5     | 30000 | NotRetryable
          retry   | 1  | 4  | CANCELLED_BY_TIMEOUT  | -     | -   | 5     | 30000 | NotRetryable
          retry   | 1  | 4  | CONNECTION_TIMEOUT    | -     | -   | 5     | 30000 | 100
          retry   | 4  | 4  | 503                   | -     | -   | 5     | 30000 | AttemptsExhausted
          retry   | 4  | 4  | 404                   | -     | -   | 5     | 30000 | NotRetryable
          # Retry-After counts where it is longer
          retry   | 1  | 4  | 429                   | 10000 | -   | 5     | 30000 | 10000
          retry   | 1  | 4  | 429                   | 50    | -   | 5     | 30000 | 100
          retry   | 1  | 4  | 429                   | 60000 | -   | 5     | 99999 | 60000
          # the budget counts from the first attempt's start; no wait that would pass it
          retry   | 1  | 2  | 429                   | 10000 | -   | 5     | 5000  | BudgetReached
          retry   | 1  | 4  | 503                   | -     | -   | 899   | 1000  | 100
          retry   | 1  | 4  | 503                   | -     | -   | 900   | 1000  | BudgetReached
          retry   | 1  | 4  | CONNECTION_TIMEOUT    | -     | -   | 1000  | 1000  | BudgetReached
          retry   | 4  | 4  | 503                   | -     | -   | 1000  | 1000  | AttemptsExhausted
          retry   | 1  | 4  | 404                   | -     | -   | 1000  | 1000  | NotRetryable
          # with complete timeout too it counts from the arrival
          both    | 1  | 4  | 503                   | -     | -   | 399   | 1000  | 100
          both    | 1  | 4  | 503                   | -     | -   | 400   | 1000  | BudgetReached
          """,
      delimiter = '|')
  void decides(
      String flags,
      int number,
      int maxAttempts,
      String error,
      @Nullable Long askedMs,
      @Nullable Long baseMs,
      long atMs,
      long totalMs,
      String follows) {
    boolean completeTimeout = flags.equals("timeout") || flags.equals("both");
    Duration total = Duration.ofMillis(totalMs);
    RetryLimits limits =
        new RetryLimits(
            maxAttempts,
            true,
            baseMs == null ? null : Duration.ofMillis(baseMs),
            total,
            completeTimeout ? Deadline.after(START - ms(500), total) : Deadline.never());
    FailedAttempt attempt =
        new FailedAttempt(
            "http.request",
            number,
            START,
            error(error),
            askedMs == null ? null : Duration.ofMillis(askedMs),
            true,
            limits,
            START + ms(atMs));

    RetryDecision decision =
        RetryDecision.of(
            attempt, flags.equals("retry") || flags.equals("both") ? ADVANCED : RetryRules.cp1());

    assertThat(name(decision)).isEqualTo(follows);
    assertThat(decision.error().code()).isEqualTo(attempt.error().code());
    assertThat(decision.error().type()).isEqualTo(attempt.error().type());
    assertThat(decision.error().message()).isEqualTo(attempt.error().message());
  }

  @Test
  void theLastRealErrorStandsWhenTheBudgetIsReached() {
    StepError refused = error("429");

    RetryDecision decision = RetryDecision.of(failed(refused, Duration.ofSeconds(10)), ADVANCED);

    assertThat(decision).isInstanceOf(RetryDecision.BudgetReached.class);
    assertThat(decision.error().type()).isEqualTo(ErrorType.CLIENT_ERROR);
    assertThat(decision.error().retryable()).isTrue();
    assertThat(decision.error().details())
        .containsEntry("status_code", 429)
        .containsEntry("stopped_by", "retry_budget");
  }

  @Test
  void nothingStopsAStepByABudgetThatIsNot() {
    assertThat(RetryDecision.of(failed(error("503"), null), ADVANCED).error().details())
        .doesNotContainKey("stopped_by");
  }

  /** In the same step; the error may still say that the Router can assign the work anew. */
  @ParameterizedTest
  @CsvSource({"false", "true"})
  void neverRetriesWhatTheBlockSaysMustNotBe(boolean advanced) {
    StepError stuck = StepError.of(ErrorCode.RESOURCE_UNAVAILABLE, "All file threads are stuck");
    FailedAttempt attempt =
        new FailedAttempt("echo", 1, START, stuck, null, false, limits(30_000), START);

    RetryDecision decision = RetryDecision.of(attempt, advanced ? ADVANCED : RetryRules.cp1());

    assertThat(decision).isEqualTo(new RetryDecision.NotRetryable(stuck));
    assertThat(decision.error().retryable()).isTrue();
  }

  @Test
  void withoutRoomCp1KeepsTheSlotAndAdvancedRetryEndsTheStep() {
    FailedAttempt attempt = failed(error("503"), null);
    RetryDecision cp1 = RetryDecision.of(attempt, RetryRules.cp1());
    RetryDecision advanced = RetryDecision.of(attempt, ADVANCED);

    assertThat(((RetryDecision.Retry) cp1).ifWaitingRoomFull()).isEqualTo(cp1);
    assertThat(((RetryDecision.Retry) advanced).ifWaitingRoomFull())
        .isEqualTo(new RetryDecision.WaitingRoomFull(advanced.error()));
  }

  @ParameterizedTest
  @EnumSource(ErrorCode.class)
  void advancedRetrySaysInTheErrorWhetherItIsRetryable(ErrorCode code) {
    RetryRules all =
        RetryRules.advanced(
            new Retryability(Retryability.CONFIGURABLE, Set.of()),
            new ExponentialBackoff(
                Duration.ofMillis(100), 2.0, Duration.ofSeconds(30), Jitter.NONE, () -> 0),
            RetryOverrides.NONE);
    StepError error = StepError.of(code, "It failed");

    RetryDecision decision = RetryDecision.of(failed(error, null), all);

    boolean retryable = code.retryable() || Retryability.CONFIGURABLE.contains(code);
    assertThat(decision.error().retryable()).isEqualTo(retryable);
    assertThat(decision instanceof RetryDecision.Retry).isEqualTo(retryable);
    assertThat(RetryDecision.of(failed(error, null), RetryRules.cp1()).error()).isSameAs(error);
  }

  @Test
  void jitterVariesTheWaitAndNotWhatWasAskedFor() {
    RetryRules full =
        RetryRules.advanced(
            new Retryability(Set.of(), Set.of()),
            new ExponentialBackoff(
                Duration.ofMillis(100), 2.0, Duration.ofSeconds(30), Jitter.FULL, () -> 0.25),
            RetryOverrides.NONE);

    assertThat(name(RetryDecision.of(failed(error("503"), null), full))).isEqualTo("25");
    assertThat(name(RetryDecision.of(failed(error("503"), Duration.ofMillis(40)), full)))
        .isEqualTo("40");
  }

  /** Attempt 2 of a step fails: what follows by the assignment, the status, the type, the rest. */
  @ParameterizedTest
  @CsvSource({
    "echo, 500, false, , 200",
    "http.request, 500, false, , 14",
    "http.request, 503, false, , AttemptsExhausted",
    "http.request, 503, true, , 14",
    "http.request, 503, true, 3, 6",
    "echo, 429, false, , 30",
    "http.request, 429, false, , 30",
    "http.request, 429, false, 1000, 40",
  })
  void whatIsNearestWins(
      String type, String status, boolean own, @Nullable Long baseMs, String follows) {
    RetryRules rules =
        RetryRules.advanced(
            new Retryability(Set.of(), Set.of()),
            new ExponentialBackoff(
                Duration.ofMillis(100), 2.0, Duration.ofSeconds(30), Jitter.NONE, () -> 0),
            new RetryOverrides(
                Map.of(
                    RetryOverrides.key("http.request"),
                    new RetryOverride(9, Duration.ofMillis(7), Duration.ofMillis(40), null, null)),
                Map.of(
                    503, new RetryOverride(2, null, null, null, null),
                    429, new RetryOverride(null, Duration.ofMillis(15), null, null, null))));
    RetryLimits limits =
        new RetryLimits(
            4,
            own,
            baseMs == null ? null : Duration.ofMillis(baseMs),
            Duration.ofSeconds(30),
            Deadline.never());

    RetryDecision decision =
        RetryDecision.of(
            new FailedAttempt(type, 2, START, error(status), null, true, limits, START + ms(5)),
            rules);

    assertThat(name(decision)).isEqualTo(follows);
  }

  @Test
  void theBudgetEndsAtTheDeadlineWhereThereIsOne() {
    Deadline deadline = Deadline.after(7, Duration.ofMillis(1));
    Duration total = Duration.ofNanos(100);

    assertThat(new RetryLimits(1, false, null, total, deadline).budgetEnd(START))
        .isEqualTo(deadline);
    assertThat(new RetryLimits(1, false, null, total, Deadline.never()).budgetEnd(START).atNanos())
        .isEqualTo(START + 100);
  }

  private static FailedAttempt failed(StepError error, @Nullable Duration asked) {
    return new FailedAttempt("echo", 1, START, error, asked, true, limits(5_000), START + ms(5));
  }

  private static RetryLimits limits(long totalMs) {
    return new RetryLimits(4, false, null, Duration.ofMillis(totalMs), Deadline.never());
  }

  private static String name(RetryDecision decision) {
    return decision instanceof RetryDecision.Retry retry
        ? String.valueOf(retry.delay().toMillis())
        : decision.getClass().getSimpleName();
  }

  /** As the blocks make it. */
  private static StepError error(String name) {
    if (!Character.isDigit(name.charAt(0))) {
      return StepError.of(ErrorCode.valueOf(name), "It failed");
    }
    int status = Integer.parseInt(name);
    return new StepError(
        ErrorCode.HTTP_ERROR,
        status >= 500 ? ErrorType.SERVER_ERROR : ErrorType.CLIENT_ERROR,
        "The server refused",
        status >= 500 || status == 408 || status == 429,
        Map.of("status_code", status));
  }

  private static long ms(long count) {
    return Duration.ofMillis(count).toNanos();
  }
}
