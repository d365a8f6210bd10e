package io.beamline.worker.execution;

import io.beamline.worker.block.BlockRegistry;
import io.beamline.worker.contract.DeadLetter;
import io.beamline.worker.contract.ErrorCode;
import io.beamline.worker.contract.ExecResult;
import io.beamline.worker.contract.StepError;
import io.beamline.worker.contract.StepStatus;
import io.beamline.worker.observability.metrics.WorkerMetrics;
import io.beamline.worker.result.Answer;
import io.beamline.worker.result.Answers;
import io.beamline.worker.result.Delivery;
import io.beamline.worker.result.Lease;
import io.beamline.worker.retry.RedeliveryPause;
import io.beamline.worker.suspect.SuspectCounts;
import io.beamline.worker.suspect.SuspectStart.NotRecorded;
import io.beamline.worker.suspect.SuspectStart.Recorded;
import io.beamline.worker.suspect.SuspectStart.TooMany;
import io.beamline.worker.timeout.TimeSource;
import java.time.Duration;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends assignments that were delivered too often, for example because each delivery kills its
 * worker (contract section 6). The worker checks this itself, because a server that stops
 * delivering would not report it. The first three deliveries count in any case. From the fourth on
 * only those count that started their first attempt, unless a drain handed them back or they were
 * let go before a retry because their lease had lapsed. Without the bucket, or with {@code
 * max-deliver} below 4, all count. Thread-safe.
 */
public final class DeliveryLimit {

  private static final Logger log = LoggerFactory.getLogger(DeliveryLimit.class);

  /** So many deliveries count whether the assignment has started or not. */
  private static final long ALWAYS_COUNTED = RedeliveryPause.FIRST_SUSPECT - 1;

  /**
   * An assignment ends in any case after more than {@code max-deliver} times this number of
   * deliveries: it may kill its workers before it starts.
   */
  private static final long HARD_LIMIT_FACTOR = 50;

  private final int maxDeliver;
  private final SuspectCounts suspects;
  private final StepEnd end;
  private final Answers answers;
  private final BlockRegistry blocks;
  private final WorkerMetrics metrics;
  private final TimeSource time;

  /**
   * Creates it.
   *
   * @param redelivers whether the server delivers again what was not acknowledged
   */
  DeliveryLimit(
      int maxDeliver,
      boolean redelivers,
      SuspectCounts suspects,
      StepEnd end,
      Answers answers,
      BlockRegistry blocks,
      WorkerMetrics metrics,
      TimeSource time) {
    this.maxDeliver = maxDeliver;
    this.suspects = suspects;
    this.end = end;
    this.answers = answers;
    this.blocks = blocks;
    this.metrics = metrics;
    this.time = time;
    if (redelivers && !countsStarts()) {
      log.atWarn()
          .addKeyValue("max_deliver", maxDeliver)
          .log(
              "worker.nats.max-deliver is below 4: every delivery counts, also one that never started or was handed back by a drain");
    }
  }

  /**
   * Ends an assignment that was delivered so often that it must not even be queued, with a result
   * and a dead letter. If there is no memory for them, it is handed back.
   *
   * @return true if the assignment must not run
   */
  public boolean endIfExceeded(Answer answer) {
    long count = answer.delivery().count();
    if (count <= (countsStarts() ? maxDeliver * HARD_LIMIT_FACTOR : maxDeliver)) {
      return false;
    }
    StepError error = tooOften(count);
    ExecResult result = ExecResult.neverRan(answer.identity(), error, time.epochMillis());
    if (answers.finish(answer, result, false, DeadLetter.Reason.MAX_DELIVER) != null) {
      metrics.stepEnded(
          blocks.canonical(String.valueOf(answer.identity().jobType())),
          StepStatus.ERROR,
          false,
          Duration.ZERO,
          error.code(),
          String.valueOf(answer.identity().tenantId()));
    }
    return true;
  }

  /** Returns whether {@link #recordStart} must be called before the step's next attempt. */
  boolean concerns(Step step) {
    Delivery delivery = step.answer().delivery();
    return delivery.count() >= RedeliveryPause.FIRST_SUSPECT
        && delivery.lease() != null
        && countsStarts()
        && step.attempts() == 0;
  }

  /**
   * Records that a suspect starts its first attempt. Ends it if it was delivered too often. Hands
   * it back for later if only the bucket could decide and cannot be used. Waits for the server.
   *
   * @return whether the step may run
   */
  boolean recordStart(Step step) {
    Delivery delivery = step.answer().delivery();
    Lease lease = delivery.lease();
    if (lease == null) {
      return true;
    }
    switch (suspects.start(lease, maxDeliver - ALWAYS_COUNTED)) {
      case Recorded recorded -> {
        step.setRecordedStart(recorded);
        return true;
      }
      case TooMany(long starts) -> endTooOften(step, ALWAYS_COUNTED + starts + 1);
      case NotRecorded why -> {
        if (delivery.count() <= maxDeliver) {
          return true;
        }
        if (why == NotRecorded.UNREADABLE) {
          end.handBackForLater(step);
        } else {
          endTooOften(step, delivery.count());
        }
      }
    }
    return false;
  }

  private void endTooOften(Step step, long count) {
    StepConclusion conclusion = StepConclusion.deliveredTooOften(tooOften(count));
    end.end(step, state -> conclusion, time.nanos());
  }

  private StepError tooOften(long count) {
    return StepError.of(
        ErrorCode.INTERNAL_ERROR,
        "The assignment was delivered too often",
        Map.of("deliveries", count, "max_deliver", maxDeliver));
  }

  private boolean countsStarts() {
    return maxDeliver > ALWAYS_COUNTED;
  }
}
