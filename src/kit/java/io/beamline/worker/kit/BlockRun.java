package io.beamline.worker.kit;

import io.beamline.worker.block.Block;
import io.beamline.worker.block.BlockCall;
import io.beamline.worker.block.StepFailure;
import io.beamline.worker.contract.Correlation;
import io.beamline.worker.contract.ErrorCode;
import io.beamline.worker.contract.ExecAssignment;
import io.beamline.worker.contract.RawJson;
import io.beamline.worker.contract.StepError;
import io.beamline.worker.contract.StepStatus;
import io.beamline.worker.contract.json.JsonFields;
import io.beamline.worker.kit.AttemptThread.Ending;
import io.beamline.worker.retry.ExponentialBackoff;
import io.beamline.worker.retry.FailedAttempt;
import io.beamline.worker.retry.Jitter;
import io.beamline.worker.retry.RetryDecision;
import io.beamline.worker.retry.RetryLimits;
import io.beamline.worker.retry.RetryOverrides;
import io.beamline.worker.retry.RetryRules;
import io.beamline.worker.retry.Retryability;
import io.beamline.worker.timeout.Deadline;
import io.beamline.worker.timeout.OperationTimeouts;
import io.beamline.worker.timeout.TimeSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Runs one step of a block as the worker does with advanced retry, complete timeout and
 * cancellation on, and with their default settings. Attempts run on threads of their own. The waits
 * between them are skipped, but count as if they had passed. Used by one thread.
 *
 * <pre>{@code
 * StepReport report =
 *     BlockRun.of(new SummaryBlock()).payload("{\"text\": \"one two\"}").run();
 * assertThat(report.outputs()).isEqualTo("{\"words\":2}");
 * }</pre>
 *
 * <p>{@link #run} throws an {@link AssertionError} if the block does what no block may do: go on
 * after its interrupt, leave threads behind, or return what cannot be a result.
 */
public final class BlockRun {

  /** How long after the deadline an attempt may still end by itself. */
  private static final Duration CUT_GRACE = Duration.ofMillis(40);

  private static final int MAX_RESULT_BYTES = 1_024 * 1_024;

  private static final RetryRules RULES =
      RetryRules.advanced(
          new Retryability(Set.of(), Set.of()),
          new ExponentialBackoff(
              Duration.ofMillis(100), 2.0, Duration.ofSeconds(30), Jitter.NONE, () -> 0),
          RetryOverrides.NONE);

  private final Block block;
  private final TimeSource time = TimeSource.system();
  private final AtomicBoolean ended = new AtomicBoolean();
  private final List<Duration> waits = new ArrayList<>();
  private String payload = "{}";
  private String tenantId = "tenant-1";
  private String assignmentId = "assignment-1";
  private Correlation correlation = Correlation.NONE;
  private @Nullable String traceparent;
  private int maxAttempts = 4;
  private Duration total = Duration.ofSeconds(30);
  private @Nullable Duration cancelAfter;
  private Duration patience = Duration.ofSeconds(1);
  private int maxResultBytes = MAX_RESULT_BYTES;
  private boolean keepsThreads;
  private long startNanos;

  private BlockRun(Block block) {
    this.block = block;
  }

  /** Returns a run with the payload <code>{}</code>, at most 4 attempts and 30 s for all. */
  public static BlockRun of(Block block) {
    return new BlockRun(block);
  }

  /**
   * Sets the payload.
   *
   * @param json a JSON object
   */
  public BlockRun payload(String json) {
    payload = json;
    return this;
  }

  /** Sets the tenant. */
  public BlockRun tenant(String id) {
    tenantId = id;
    return this;
  }

  /** Sets the id of the assignment. */
  public BlockRun assignment(String id) {
    assignmentId = id;
    return this;
  }

  /** Sets the ids of the run that the step belongs to. */
  public BlockRun correlation(Correlation ids) {
    correlation = ids;
    return this;
  }

  /** Sets the W3C trace context of the assignment's message. */
  public BlockRun traceparent(String context) {
    traceparent = context;
    return this;
  }

  /** Sets how many attempts the step may have, the first included; 1 or more. */
  public BlockRun attempts(int most) {
    maxAttempts = most;
    return this;
  }

  /** Sets the time for all attempts and the waits between them: {@code deadline_ms}. */
  public BlockRun deadline(Duration afterStart) {
    total = afterStart;
    return this;
  }

  /** Cancels the step so long after its start, unless it has ended by then. */
  public BlockRun cancelAfter(Duration afterStart) {
    cancelAfter = afterStart;
    return this;
  }

  /** Sets how long an attempt may go on after its interrupt; 1 s by default. */
  public BlockRun stopsWithin(Duration afterInterrupt) {
    patience = afterInterrupt;
    return this;
  }

  /** Sets the most bytes of the outputs in JSON; 1 MB by default, as the NATS server's. */
  public BlockRun maxResult(int bytes) {
    maxResultBytes = bytes;
    return this;
  }

  /** Allows attempts to start threads that live on, such as those of a client that is kept. */
  public BlockRun keepsThreads() {
    keepsThreads = true;
    return this;
  }

  /**
   * Runs the step. A run is used once.
   *
   * @throws AssertionError if the block does what no block may do
   */
  public StepReport run() {
    RawJson json = new RawJson(payload);
    JsonFields.of(json);
    startNanos = time.nanos();
    for (int attempt = 1; ; attempt++) {
      if (isCancelledNow()) {
        return report(attempt - 1, cancelled());
      }
      Ending ending = attempt(json, attempt);
      if (ending instanceof Ending.Failed(StepFailure failure)
          && decide(attempt, failure) instanceof RetryDecision.Retry retry) {
        waits.add(retry.delay());
      } else {
        return report(attempt, ending);
      }
    }
  }

  private Ending attempt(RawJson json, int attempt) {
    AttemptThread thread = new AttemptThread(block, call(json, attempt), patience, keepsThreads);
    Duration untilCut = left(total).plus(CUT_GRACE);
    Duration untilCancelled = cancelAfter == null ? untilCut : left(cancelAfter);
    boolean cancelFirst = cancelAfter != null && untilCancelled.compareTo(untilCut) < 0;
    Ending ending = thread.run(cancelFirst ? untilCancelled : untilCut, () -> ended.set(true));
    if (!(ending instanceof Ending.Cut)) {
      return ending;
    }
    return cancelFirst ? cancelled() : timedOut();
  }

  private RetryDecision decide(int attempt, StepFailure failure) {
    Deadline deadline = Deadline.after(startNanos, total);
    return RetryDecision.of(
        new FailedAttempt(
            block.type().name(),
            attempt,
            startNanos,
            failure.error(),
            failure.retryAfter(),
            failure.isRetryAllowed(),
            new RetryLimits(maxAttempts, true, null, total, deadline),
            startNanos + elapsed().toNanos()),
        RULES);
  }

  private BlockCall call(RawJson json, int attempt) {
    ExecAssignment assignment =
        new ExecAssignment(
            assignmentId,
            "request-1",
            tenantId,
            "provider-1",
            block.type().name(),
            json,
            new ExecAssignment.Options(50, (int) total.toMillis(), maxAttempts, 0),
            correlation);
    return new BlockCall(
        assignment,
        json,
        attempt,
        traceparent,
        new OperationTimeouts(
            OperationTimeouts.UNLIMITED,
            Duration.ofSeconds(5),
            Duration.ofSeconds(30),
            Duration.ofSeconds(5),
            Duration.ofSeconds(10),
            Duration.ofSeconds(5),
            Duration.ofSeconds(30),
            Duration.ofSeconds(30),
            OperationTimeouts.UNLIMITED),
        Deadline.after(time.nanos(), left(total)),
        true,
        ended::get);
  }

  private StepReport report(int attempts, Ending ending) {
    return switch (ending) {
      case Ending.Returned(var outputs) ->
          report(StepStatus.SUCCESS, ResultText.of(outputs, maxResultBytes), null, attempts, null);
      case Ending.Failed(StepFailure failure) ->
          failed(decide(attempts, failure).error(), attempts, null);
      case Ending.Concluded(StepError error) -> failed(error, attempts, null);
      case Ending.Died(Throwable thrown, String message) ->
          failed(StepError.of(ErrorCode.INTERNAL_ERROR, message), attempts, thrown);
      case Ending.Cut cut -> throw new IllegalStateException("nobody says why it was cut");
    };
  }

  private StepReport failed(StepError error, int attempts, @Nullable Throwable thrown) {
    return report(error.status(), null, error, attempts, thrown);
  }

  private StepReport report(
      StepStatus status,
      @Nullable String outputs,
      @Nullable StepError error,
      int attempts,
      @Nullable Throwable thrown) {
    return new StepReport(status, outputs, error, attempts, List.copyOf(waits), elapsed(), thrown);
  }

  private Ending cancelled() {
    return new Ending.Concluded(
        StepError.of(ErrorCode.CANCELLED_BY_USER, "The step was cancelled on request"));
  }

  private Ending timedOut() {
    return new Ending.Concluded(
        StepError.of(
            ErrorCode.CANCELLED_BY_TIMEOUT,
            "The step's deadline passed",
            Map.of("operation_type", block.type().name(), "timeout_type", "total")));
  }

  private boolean isCancelledNow() {
    return cancelAfter != null && left(cancelAfter).isZero();
  }

  /**
   * Returns the time until a moment after the start, as if the waits had passed; never negative.
   */
  private Duration left(Duration afterStart) {
    Duration left = afterStart.minus(elapsed());
    return left.isNegative() ? Duration.ZERO : left;
  }

  private Duration elapsed() {
    return waits.stream().reduce(Duration.ofNanos(time.nanos() - startNanos), Duration::plus);
  }
}
