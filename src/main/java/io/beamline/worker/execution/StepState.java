package io.beamline.worker.execution;

import io.beamline.worker.contract.StepError;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Where a step is between its arrival and its end. Each method is what may happen to it and gives
 * the state that follows, null when that is not legal and changes nothing. A step changes its state
 * by compare-and-set, so that exactly one thread takes it from one state to the next.
 *
 * <pre>
 * Arrived --queue--> Queued --start--> Running --pause--> Waiting --queue--> Queued
 *    '------------- pause: a suspect waits before its first attempt ----^
 * Arrived, Queued, Running, Waiting --end--> Ended
 * </pre>
 */
sealed interface StepState {

  /** The attempts that are over. */
  AttemptHistory history();

  /** What the step occupies. */
  default Place place() {
    return Place.NONE;
  }

  /** It is put into a queue, to wait for a slot. */
  default @Nullable Queued queue(Place queue) {
    return null;
  }

  /** The calling thread starts an attempt. */
  default @Nullable Running start(long nowNanos) {
    return null;
  }

  /**
   * It waits before it is queued.
   *
   * @param error why its attempt failed, null before the first attempt
   * @param where where it waits
   * @param wait how long, zero or more
   */
  default @Nullable Waiting pause(
      @Nullable StepError error, Place where, Duration wait, long nowNanos) {
    return null;
  }

  /** It ends; an attempt that runs is over then, and a wait that was cut is as long as it was. */
  default @Nullable Ended end(StepConclusion conclusion, long nowNanos) {
    return new Ended(history());
  }

  /** Attempts begun, one that runs included. */
  default int attempts() {
    return history().attempts();
  }

  /** When the first attempt started, on the monotonic clock; 0 when none did. */
  default long firstStartNanos() {
    return history().firstStartNanos();
  }

  /** How long the last attempt took, or has taken so far; zero when none started. */
  default Duration attemptTime(long nowNanos) {
    return Duration.ofNanos(history().lastNanos());
  }

  /** No queue has it yet. */
  record Arrived(AttemptHistory history) implements StepState {

    private static final Arrived REPORTED = new Arrived(AttemptHistory.none(true));
    private static final Arrived UNREPORTED = new Arrived(AttemptHistory.none(false));

    /**
     * The state of a new step.
     *
     * @param reported whether the step's result is to show each attempt
     */
    static Arrived of(boolean reported) {
      return reported ? REPORTED : UNREPORTED;
    }

    @Override
    public Queued queue(Place queue) {
      return new Queued(history, queue);
    }

    @Override
    public Waiting pause(@Nullable StepError error, Place where, Duration wait, long nowNanos) {
      return new Waiting(history, where, wait, nowNanos);
    }
  }

  /** It waits for a slot. */
  record Queued(AttemptHistory history, Place place) implements StepState {

    @Override
    public Running start(long nowNanos) {
      return new Running(history, nowNanos);
    }
  }

  /**
   * An attempt runs on a thread, which is also its place: to free it, the thread is interrupted.
   */
  final class Running implements StepState, Place {

    private final AttemptHistory history;
    private final long startNanos;
    private final Thread thread = Thread.currentThread();
    private boolean released;

    Running(AttemptHistory history, long startNanos) {
      this.history = history;
      this.startNanos = startNanos;
    }

    @Override
    public AttemptHistory history() {
      return history;
    }

    @Override
    public Place place() {
      return this;
    }

    @Override
    public @Nullable Waiting pause(
        @Nullable StepError error, Place where, Duration wait, long nowNanos) {
      return error == null
          ? null
          : new Waiting(history.failed(error, startNanos, nowNanos), where, wait, nowNanos);
    }

    @Override
    public Ended end(StepConclusion conclusion, long nowNanos) {
      StepError error = conclusion.error();
      return new Ended(
          error != null && conclusion.reason().isAttemptsFailure()
              ? history.failed(error, startNanos, nowNanos)
              : history.ended(conclusion.outcome().status(), error, startNanos, nowNanos));
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

    /** Interrupts the thread, unless it has left the step, or is the caller. */
    @Override
    public synchronized void release(Step step) {
      if (!released && thread != Thread.currentThread()) {
        thread.interrupt();
      }
    }

    /** The thread leaves the step: after that it is not interrupted on the step's behalf. */
    synchronized void leave() {
      released = true;
    }
  }

  /** It waits for its next attempt, without a slot; or in its slot, which is its place then. */
  record Waiting(AttemptHistory history, Place place, Duration delay, long sinceNanos)
      implements StepState {

    @Override
    public Queued queue(Place queue) {
      return new Queued(history.waited(delay), queue);
    }

    @Override
    public Ended end(StepConclusion conclusion, long nowNanos) {
      Duration waited = Duration.ofNanos(Math.max(0, nowNanos - sinceNanos));
      return new Ended(history.waited(waited.compareTo(delay) < 0 ? waited : delay));
    }
  }

  /** It has its result, or was given back to the server. */
  record Ended(AttemptHistory history) implements StepState {

    /** The end without a result; it exists already, because memory may be short. */
    static final Ended WITHOUT_RESULT = new Ended(AttemptHistory.none(false));

    @Override
    public @Nullable Ended end(StepConclusion conclusion, long nowNanos) {
      return null;
    }
  }
}
