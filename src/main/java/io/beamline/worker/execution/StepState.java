package io.beamline.worker.execution;

import io.beamline.worker.contract.CancelStage;
import io.beamline.worker.contract.StepError;
import io.beamline.worker.timeout.Durations;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The state of a step between its arrival and its end. Each transition method returns the next
 * state, or null if the transition is not allowed. A step changes its state by compare-and-set, so
 * exactly one thread makes each transition.
 *
 * <pre>
 * Arrived --queue--> Queued --start--> Running --pause--> Waiting --queue--> Queued
 *    '--- pause: a suspect waits before its first attempt ---^
 *                       '--- pause: it waits for its destination ---^
 * Queued --queue--> Queued: its turn came, but its destination and the waiting room are full
 * Waiting --pause--> Waiting: it waits on, for another reason
 * Arrived, Queued, Running, Waiting --end--> Ended
 * </pre>
 */
sealed interface StepState {

  /** Returns the completed attempts. */
  AttemptHistory history();

  /** Returns the place that the step occupies. */
  default Place place() {
    return Place.NONE;
  }

  /**
   * The step is queued and waits for a slot.
   *
   * @param place its place in the queue
   */
  default @Nullable Queued queue(Place place) {
    return null;
  }

  /** The calling thread starts an attempt. */
  default @Nullable Running start(long nowNanos) {
    return null;
  }

  /**
   * The step waits before it is queued.
   *
   * @param error the error of its attempt, null before the first attempt
   * @param place where it waits
   * @param delay how long it is to wait, zero or more
   */
  default @Nullable Waiting pause(
      @Nullable StepError error, Place place, Duration delay, long nowNanos) {
    return null;
  }

  /**
   * The step ends. That completes a running attempt. If the step waits, the history gets the time
   * that it has waited, not the whole delay.
   */
  default @Nullable Ended end(StepConclusion conclusion, long nowNanos) {
    return Ended.of(history(), conclusion, null);
  }

  /** Returns where a step in this state is, or null if it has ended. */
  @Nullable CancelStage stage();

  /** Returns the number of attempts started, including a running one. */
  default int attempts() {
    return history().attempts();
  }

  /** Returns when the first attempt started, on the monotonic clock; 0 if none has. */
  default long firstStartNanos() {
    return history().firstStartNanos();
  }

  /**
   * Returns how long the last attempt took, or has taken until now if it still runs. Zero if none
   * has started.
   */
  default Duration attemptTime(long nowNanos) {
    return Duration.ofNanos(history().lastNanos());
  }

  /** The step has arrived and is in no queue yet. */
  record Arrived(AttemptHistory history) implements StepState {

    private static final Arrived REPORTED = new Arrived(AttemptHistory.none(true));
    private static final Arrived UNREPORTED = new Arrived(AttemptHistory.none(false));

    /**
     * Returns the state of a new step.
     *
     * @param reported whether the step's result will show each attempt
     */
    static Arrived of(boolean reported) {
      return reported ? REPORTED : UNREPORTED;
    }

    @Override
    public CancelStage stage() {
      return CancelStage.UNDELIVERED;
    }

    @Override
    public Queued queue(Place place) {
      return new Queued(history, place);
    }

    @Override
    public Waiting pause(@Nullable StepError error, Place place, Duration delay, long nowNanos) {
      return new Waiting(history, place, delay, nowNanos);
    }
  }

  /** The step waits for a slot. */
  record Queued(AttemptHistory history, Place place) implements StepState {

    @Override
    public CancelStage stage() {
      return CancelStage.QUEUED;
    }

    @Override
    public Queued queue(Place other) {
      return new Queued(history, other);
    }

    @Override
    public Running start(long nowNanos) {
      return new Running(history, nowNanos);
    }

    @Override
    public @Nullable Waiting pause(
        @Nullable StepError error, Place waiting, Duration delay, long nowNanos) {
      return error == null ? new Waiting(history, waiting, delay, nowNanos) : null;
    }
  }

  /**
   * An attempt runs on a thread, in a slot. This state is also the step's place: {@link #release}
   * interrupts the thread, which then frees its slot.
   */
  final class Running implements StepState, Place {

    private final AttemptHistory history;
    private final long startNanos;
    private final Thread thread = Thread.currentThread();
    private boolean left;

    Running(AttemptHistory history, long startNanos) {
      this.history = history;
      this.startNanos = startNanos;
    }

    @Override
    public AttemptHistory history() {
      return history;
    }

    @Override
    public CancelStage stage() {
      return CancelStage.RUNNING;
    }

    @Override
    public Place place() {
      return this;
    }

    @Override
    public @Nullable Waiting pause(
        @Nullable StepError error, Place place, Duration delay, long nowNanos) {
      return error == null
          ? null
          : new Waiting(history.failed(error, startNanos, nowNanos), place, delay, nowNanos);
    }

    @Override
    public Ended end(StepConclusion conclusion, long nowNanos) {
      StepError error = conclusion.error();
      return Ended.of(
          error != null && conclusion.reason().isAttemptFailure()
              ? history.failed(error, startNanos, nowNanos)
              : history.ended(conclusion.outcome().status(), error, startNanos, nowNanos),
          conclusion,
          thread == Thread.currentThread() ? null : new Abandoned(this, nowNanos));
    }

    @Override
    public int attempts() {
      return history.attempts() + 1;
    }

    @Override
    public long firstStartNanos() {
      return history.attempts() == 0 ? startNanos : history.firstStartNanos();
    }

    @Override
    public Duration attemptTime(long nowNanos) {
      return Duration.ofNanos(nowNanos - startNanos);
    }

    /** Interrupts the thread, unless it has left the step or is the caller. */
    @Override
    public synchronized void release(Step step) {
      if (!left && thread != Thread.currentThread()) {
        thread.interrupt();
      }
    }

    /**
     * Records that the thread has left the step. After that, it is not interrupted for this step.
     */
    synchronized void leave() {
      left = true;
    }

    /** Returns whether the thread has left the step. */
    synchronized boolean hasLeft() {
      return left;
    }
  }

  /**
   * An attempt that ran when another thread ended its step: it was cut or cancelled.
   *
   * @param sinceNanos when the step ended, on the monotonic clock
   */
  record Abandoned(Running attempt, long sinceNanos) {}

  /**
   * The step waits for its next attempt, or for its first as a suspect or because of its
   * destination: in the waiting room or in its slot.
   *
   * @param delay how long it is to wait
   * @param sinceNanos when the wait began, on the monotonic clock
   */
  record Waiting(AttemptHistory history, Place place, Duration delay, long sinceNanos)
      implements StepState {

    @Override
    public CancelStage stage() {
      return CancelStage.WAITING;
    }

    @Override
    public Queued queue(Place inQueue) {
      return new Queued(history.waited(delay), inQueue);
    }

    @Override
    public @Nullable Waiting pause(
        @Nullable StepError error, Place other, Duration more, long nowNanos) {
      return error == null ? new Waiting(waitedUntil(nowNanos), other, more, nowNanos) : null;
    }

    @Override
    public Ended end(StepConclusion conclusion, long nowNanos) {
      return Ended.of(waitedUntil(nowNanos), conclusion, null);
    }

    private AttemptHistory waitedUntil(long nowNanos) {
      Duration waited = Duration.ofNanos(Math.max(0, nowNanos - sinceNanos));
      return history.waited(Durations.shorter(waited, delay));
    }
  }

  /**
   * The step has ended, with or without a result.
   *
   * @param onRequest whether it was cancelled on request
   * @param abandoned the attempt that was left to itself, null if there was none
   */
  record Ended(AttemptHistory history, boolean onRequest, @Nullable Abandoned abandoned)
      implements StepState {

    /** The end without a result. It is allocated early, because memory may be short at the end. */
    static final Ended WITHOUT_RESULT = new Ended(AttemptHistory.none(false));

    Ended(AttemptHistory history) {
      this(history, false, null);
    }

    static Ended of(
        AttemptHistory history, StepConclusion conclusion, @Nullable Abandoned abandoned) {
      return new Ended(history, conclusion.reason() == EndReason.CANCELLED_ON_REQUEST, abandoned);
    }

    @Override
    public @Nullable CancelStage stage() {
      return null;
    }

    @Override
    public @Nullable Ended end(StepConclusion conclusion, long nowNanos) {
      return null;
    }
  }
}
