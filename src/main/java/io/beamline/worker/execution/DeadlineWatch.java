package io.beamline.worker.execution;

import io.beamline.worker.observability.logging.IdentityFields;
import io.beamline.worker.timeout.Deadline;
import io.beamline.worker.timeout.TimeSource;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends each step at its deadline (W3-2.3). A step that waits ends at once. An attempt is cut {@link
 * #CUT_GRACE} later, so that a block can end by itself at the deadline.
 *
 * <p>With advanced retry alone, it ends a waiting step at its retry budget (W3-1.4). The work per
 * step is constant. Thread-safe.
 */
public final class DeadlineWatch {

  private static final Logger log = LoggerFactory.getLogger(DeadlineWatch.class);

  /** The time after the deadline in which an attempt may still end by itself before it is cut. */
  private static final Duration CUT_GRACE = Duration.ofMillis(40);

  private final ScheduledExecutorService timer;
  private final StepEnd end;
  private final TimeSource time;
  private final DeadlineTimers timers;

  DeadlineWatch(ScheduledExecutorService timer, StepEnd end, TimeSource time) {
    this.timer = timer;
    this.end = end;
    this.time = time;
    this.timers = new DeadlineTimers(timer, time);
  }

  /** Watches a step until it ends. Does nothing if it has no deadline. */
  public void watch(Step step) {
    Deadline deadline = step.limits().deadline();
    if (deadline.bounded()) {
      watch(step, deadline, this::deadlinePassed);
    }
  }

  /**
   * Watches the retry budget of a step whose attempt has failed, or that is parked. Does nothing if
   * the step has no budget, or has a deadline, which then is its budget.
   */
  void watchBudget(Step step) {
    if (hasBudget(step) && step.deadlineEntry() == null) {
      watch(step, step.retryLimits().budgetEnd(step.budgetStartNanos()), this::endAtBudget);
    }
  }

  /** Ends a step if its budget has passed meanwhile. Called right after the step began to wait. */
  void endIfBudgetPassed(Step step) {
    if (hasBudget(step) && isBudgetPassed(step, time.nanos())) {
      endAtBudget(step);
    }
  }

  /**
   * Ends a step if its deadline or budget has passed before its next attempt. Returns true if no
   * attempt may start.
   */
  boolean endIfPassed(Step step, long nowNanos) {
    if (step.limits().deadline().passed(nowNanos)) {
      deadlinePassed(step);
      return true;
    }
    if (hasBudget(step) && step.attempts() > 0 && isBudgetPassed(step, nowNanos)) {
      endAtBudget(step);
      return true;
    }
    return false;
  }

  private static boolean hasBudget(Step step) {
    return step.flags().advancedRetry() && !step.limits().deadline().bounded();
  }

  private static boolean isBudgetPassed(Step step, long nowNanos) {
    return step.retryLimits().budgetEnd(step.budgetStartNanos()).passed(nowNanos);
  }

  private void watch(Step step, Deadline deadline, Consumer<Step> passed) {
    DeadlineEntry entry =
        new DeadlineEntry(step, deadline, late -> guarded(late, passed), time.nanos());
    step.setDeadlineEntry(entry);
    timers.add(entry);
  }

  private void deadlinePassed(Step step) {
    long now = time.nanos();
    end.end(step, state -> betweenAttempts(step, state, now), now);
    if (!step.hasEnded()) {
      Future<?> unused =
          timer.schedule(() -> guarded(step, this::cut), CUT_GRACE.toNanos(), TimeUnit.NANOSECONDS);
    }
  }

  private void cut(Step step) {
    long now = time.nanos();
    end.end(
        step,
        state ->
            state instanceof StepState.Running
                ? StepConclusion.cutAtDeadline(step, state, now)
                : betweenAttempts(step, state, now),
        now);
  }

  /** Returns how a step ends at its deadline in this state, or null while an attempt runs. */
  private static @Nullable StepConclusion betweenAttempts(Step step, StepState state, long now) {
    return switch (state) {
      case StepState.Arrived arrived -> StepConclusion.deadlineInQueue(step, state, now);
      case StepState.Queued queued -> StepConclusion.deadlineInQueue(step, state, now);
      case StepState.Waiting waiting -> StepConclusion.deadlineInWait(step, state, now);
      case StepState.Running running -> null;
      case StepState.Ended ended -> null;
    };
  }

  /** Ends a waiting step. A running attempt continues; the retry rules apply when it fails. */
  private void endAtBudget(Step step) {
    end.end(
        step,
        state -> state instanceof StepState.Running ? null : StepConclusion.atBudget(step, state),
        time.nanos());
  }

  /**
   * Runs a task of a timer. If the task throws, hands the step back to the server, because the
   * timer would swallow the exception.
   */
  private void guarded(Step step, Consumer<Step> task) {
    try {
      task.accept(step);
    } catch (RuntimeException | Error e) {
      end.handBack(step);
      IdentityFields.add(log.atError(), step.answer().identity())
          .setCause(e)
          .log("A step could not be ended at its deadline; it goes back to the server");
    }
  }
}
