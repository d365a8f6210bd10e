package io.beamline.worker.execution;

import io.beamline.worker.block.StepFailure;
import io.beamline.worker.contract.ErrorCode;
import io.beamline.worker.contract.StepError;
import io.beamline.worker.destination.Admission;
import io.beamline.worker.destination.Applicant;
import io.beamline.worker.destination.AttemptVerdict;
import io.beamline.worker.destination.Destinations;
import io.beamline.worker.destination.Refusal;
import io.beamline.worker.observability.logging.IdentityFields;
import io.beamline.worker.timeout.Deadline;
import io.beamline.worker.timeout.TimeSource;
import java.time.Duration;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets an attempt start only if its destination allows it (W3-5). A step that must wait leaves its
 * slot. Asked only for steps with the flag for circuit breakers. Thread-safe.
 */
final class DestinationGate {

  private static final Logger log = LoggerFactory.getLogger(DestinationGate.class);

  /**
   * How long a step that must wait keeps its slot when the waiting room is full. Then it goes to
   * the end of the queue: so a full room slows the worker down, and no step is failed for it.
   */
  private static final Duration PAUSE_IN_SLOT = Duration.ofMillis(50);

  private final Destinations destinations;
  private final WaitingRoom room;
  private final StepEnd end;
  private final Drain drain;
  private final DeadlineWatch watch;
  private final TimeSource time;
  private final DoubleSupplier random;

  /**
   * Creates a gate.
   *
   * @param random supplies numbers from 0.0 to 1.0
   */
  DestinationGate(
      Destinations destinations,
      WaitingRoom room,
      StepEnd end,
      Drain drain,
      DeadlineWatch watch,
      TimeSource time,
      DoubleSupplier random) {
    this.destinations = destinations;
    this.room = room;
    this.end = end;
    this.drain = drain;
    this.watch = watch;
    this.time = time;
    this.random = random;
  }

  /**
   * Returns whether a queued step may start its attempt now, on the calling thread. It then has a
   * permit, if it has a destination. Otherwise it waits, goes back to the queue, or has ended.
   *
   * @throws InterruptedException if the thread was interrupted by a drain
   */
  boolean admits(Step step, AttemptQueue next) throws InterruptedException {
    if (step.permit() != null) {
      return true;
    }
    String name = step.destination();
    if (name == null) {
      return true;
    }
    return switch (destinations.enter(name, new AskingStep(this, step))) {
      case Admission.Granted granted -> {
        step.setPermit(granted.permit());
        yield true;
      }
      case Admission.MustWait wait -> {
        await(step, wait, next);
        yield false;
      }
      case Admission.NotTried refused -> {
        refuse(step, refused.refusal());
        yield false;
      }
    };
  }

  /** Returns whether the retry budget of the step's destination allows its next attempt. */
  boolean allowsRetry(Step step) {
    String name = step.destination();
    return name == null || destinations.of(name).allowsRetry();
  }

  /** Takes back what {@link #allowsRetry} has counted, because there was no room to wait. */
  void retryNotMade(Step step) {
    String name = step.flags().circuitBreaker() ? step.destination() : null;
    if (name != null) {
      destinations.of(name).retryNotMade();
    }
  }

  /** Returns what a failed attempt says about the destination. */
  AttemptVerdict verdict(Step step, StepFailure failure) {
    return endedAtDeadline(failure.error()) ? verdictOfCut(step) : failure.verdict();
  }

  /**
   * Returns what an attempt says that was interrupted, or ended at the step's deadline. If it had
   * most of the step's time, the destination was too slow; else the step had waited too long.
   */
  AttemptVerdict verdictOfCut(Step step) {
    long now = time.nanos();
    Duration half = step.limits().total().dividedBy(2);
    boolean timeIsOver = step.limits().deadline().passed(now) && !step.wasCancelled();
    return timeIsOver && step.attemptTime(now).compareTo(half) >= 0
        ? AttemptVerdict.FAILED
        : AttemptVerdict.NOTHING;
  }

  /** Returns whether a step waits for an open breaker. */
  boolean waitsForBreaker(Step step, @Nullable Duration untilTrial) {
    if (!step.flags().advancedRetry()) {
      return false;
    }
    long left = endOf(step).remainingNanos(time.nanos());
    return left > (untilTrial == null ? 0 : untilTrial.toNanos());
  }

  /** Returns the deadline of a step that waits, or the end of its retry budget. */
  private Deadline endOf(Step step) {
    long start = step.hasBudgetBegun() ? step.budgetStartNanos() : time.nanos();
    return step.retryLimits().budgetEnd(start);
  }

  /** Records that a step waits for an open breaker: its budget runs from now on. */
  void parked(Step step) {
    step.parked(time.nanos());
    watch.watchBudget(step);
  }

  /** Ends a step whose destination is not tried. */
  void refuse(Step step, Refusal refusal) {
    boolean unused =
        end.end(
            step,
            state ->
                state instanceof StepState.Running
                    ? null
                    : StepConclusion.circuitOpen(step, state, refusal),
            time.nanos());
  }

  /** Queues a step that has got its permit. */
  void queueAgain(Step step, AttemptQueue next) {
    if (step.pause(null, Place.NONE, Duration.ZERO, time.nanos())) {
      next.requeue(step);
    }
  }

  /** Returns a random part of a time, and at most half of what the step has left. */
  Duration partOf(Duration spread, Step step) {
    Duration left = endOf(step).cap(spread.multipliedBy(2), time.nanos()).dividedBy(2);
    return Duration.ofNanos((long) (left.toNanos() * random.getAsDouble()));
  }

  /** Hands a step back that could not go on, because nobody else would. Logs why. */
  void couldNotGoOn(Step step, Throwable failure) {
    end.handBack(step);
    IdentityFields.add(log.atError(), step.answer().identity())
        .setCause(failure)
        .log("A step could not go on after it had waited for its destination; it is handed back");
  }

  WaitingRoom room() {
    return room;
  }

  private void await(Step step, Admission.MustWait wait, AttemptQueue next)
      throws InterruptedException {
    DestinationWait place = new DestinationWait(this, step, wait.destination(), next);
    if (room.hold(step, place)) {
      wait.destination().await(place);
      if (step.hasEnded()) {
        wait.destination().leave(place);
      }
    } else if (drain.hasBegun()) {
      drain.handBack(step);
    } else {
      waitWithoutRoom(step, wait, next);
    }
  }

  private void waitWithoutRoom(Step step, Admission.MustWait wait, AttemptQueue next)
      throws InterruptedException {
    Refusal refusal = wait.destination().refusal();
    if (refusal != null) {
      refuse(step, refusal);
    } else {
      time.sleep(PAUSE_IN_SLOT);
      next.requeue(step);
    }
  }

  private static boolean endedAtDeadline(StepError error) {
    return error.code() == ErrorCode.CANCELLED_BY_TIMEOUT
        && error.detail("timeout_type").equals("total");
  }

  /** A step in its slot, which asks for a permit. */
  private record AskingStep(DestinationGate gate, Step step) implements Applicant {

    @Override
    public boolean isFirstAttempt() {
      return step.attempts() == 0;
    }

    @Override
    public boolean waitsForBreaker(@Nullable Duration untilTrial) {
      return gate.waitsForBreaker(step, untilTrial);
    }
  }
}
