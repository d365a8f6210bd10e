package io.beamline.worker.destination;

import io.beamline.worker.timeout.TimeSource;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedSet;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One destination: its circuit breaker (W3-5.1), its retry budget (W3-5.2), its limits, and the
 * line of those who wait for it, in order of arrival (contract section 5). Thread-safe: its lock
 * guards all of it. The timer's thread tells waiters and the observer what has happened, without
 * the lock.
 */
public final class Destination {

  /**
   * A trial comes at most this part of {@code open-for} late, so that workers do not try at once.
   */
  private static final double TRIAL_JITTER = 0.1;

  /** How often attempts that hang are looked at, while others wait and none is under way. */
  private static final Duration LOOK_AGAIN = Duration.ofSeconds(1);

  /** The most permits of a limited rate for steps that have no slot yet. */
  private static final int MOST_RESERVED = 2;

  private static final Logger log = LoggerFactory.getLogger(Destination.class);

  private final String name;
  private final @Nullable String override;
  private final DestinationLimits limits;
  private final Surroundings around;
  private final Breaker breaker;
  private final @Nullable Rate rate;
  private final RetryAllowance allowance;
  private final SequencedSet<Waiter> line = new LinkedHashSet<>();
  private List<Runnable> toTell = new ArrayList<>(0);
  private BreakerState state = BreakerState.CLOSED;
  private ForcedState forced = ForcedState.AUTO;
  private long sinceMillis;
  private long openUntilNanos;
  private long period;
  private int inFlight;

  /** How many of those in flight have a permit and wait for a slot. */
  private int reserved;

  private @Nullable Future<?> wakeUp;
  private boolean retired;
  private volatile long lastUsedNanos;

  /**
   * Creates a destination that has seen no attempt.
   *
   * @param override the name of the override that its limits come from, null for none
   * @param config of its breaker
   */
  Destination(
      String name,
      @Nullable String override,
      DestinationLimits limits,
      CircuitBreakerConfig config,
      Surroundings around) {
    this.name = name;
    this.override = override;
    this.limits = limits;
    this.around = around;
    this.breaker = new Breaker(config, name);
    this.rate = limits.maxRate() > 0 ? new Rate(limits.maxRate(), around.time().nanos()) : null;
    this.allowance = new RetryAllowance(limits.retryBudget(), limits.retryMinimum());
    this.sinceMillis = around.time().epochMillis();
    this.lastUsedNanos = around.time().nanos();
  }

  /**
   * What all destinations of a worker share.
   *
   * @param timer wakes those that wait up
   * @param random supplies numbers from 0.0 to 1.0
   * @param capacities what destinations have room for
   */
  record Surroundings(
      ScheduledExecutorService timer,
      TimeSource time,
      DestinationObserver observer,
      DoubleSupplier random,
      Capacities capacities) {}

  /** Asks for a permit. Returns null if this destination was retired: ask the one after it. */
  @Nullable Admission enter(Applicant applicant) {
    Admission answer;
    List<Runnable> told;
    synchronized (this) {
      answer = retired ? null : answer(applicant, true);
      told = takeToTell();
    }
    tell(told);
    return answer;
  }

  /**
   * Puts a waiter into the line, or lets it go on if it need not wait any more. Called after the
   * answer {@link Admission.MustWait}, when the waiter is ready to be told.
   */
  public void await(Waiter waiter) {
    List<Runnable> told;
    synchronized (this) {
      switch (answer(waiter, false)) {
        case Admission.Granted(Permit permit) -> toTell.add(() -> waiter.granted(permit));
        case Admission.NotTried(Refusal refusal) -> toTell.add(() -> waiter.refused(refusal));
        case Admission.MustWait wait -> {
          line.add(waiter);
          wakeUpForLine();
        }
      }
      told = takeToTell();
    }
    tell(told);
  }

  /** Takes a waiter out of the line, if it is there. */
  public synchronized void leave(Waiter waiter) {
    line.remove(waiter);
  }

  /** Counts a retry if the retry budget allows one more (W3-5.2). */
  public synchronized boolean allowsRetry() {
    return allowance.retry(now());
  }

  /** Takes a retry back that {@link #allowsRetry} has counted and that is not made. */
  public synchronized void retryNotMade() {
    allowance.retryNotMade(now());
  }

  /** Returns why no attempt is made, or null if the breaker is closed. */
  public synchronized @Nullable Refusal refusal() {
    return state == BreakerState.CLOSED ? null : refusalNow(now());
  }

  /** Returns what operators see. */
  public synchronized DestinationView view() {
    long now = now();
    boolean closed = state == BreakerState.CLOSED;
    Duration untilTrial = closed ? null : untilTrial(now);
    return new DestinationView(
        name,
        override,
        state,
        forced,
        sinceMillis,
        breaker.attempts(),
        breaker.failureRate(),
        allowance.attempts(now),
        inFlight - reserved,
        closed ? 0 : line.size(),
        closed ? line.size() : 0,
        allowance.slowest(now).toMillis(),
        untilTrial == null ? null : untilTrial.toMillis());
  }

  String name() {
    return name;
  }

  @Nullable String override() {
    return override;
  }

  synchronized BreakerState state() {
    return state;
  }

  /** Returns the number of those that wait for the breaker, or else for a limit. */
  synchronized int inLine(boolean parked) {
    return parked == (state != BreakerState.CLOSED) ? line.size() : 0;
  }

  long lastUsedNanos() {
    return lastUsedNanos;
  }

  /** Follows what an operator wants. */
  void force(ForcedState wanted) {
    List<Runnable> told;
    synchronized (this) {
      if (forced != wanted) {
        forced = wanted;
        breaker.force(wanted);
        period++;
        sinceMillis = around.time().epochMillis();
        observe(true);
        letGoOn();
      }
      told = takeToTell();
    }
    tell(told);
  }

  /** Records that an attempt starts that had to wait for a slot. Returns the time. */
  long started() {
    List<Runnable> told;
    long now;
    synchronized (this) {
      now = now();
      reserved--;
      letGoOn();
      told = takeToTell();
    }
    tell(told);
    return now;
  }

  /** Takes a permit back, with what its attempt says. */
  void takeBack(Permit permit, AttemptVerdict verdict) {
    List<Runnable> told;
    synchronized (this) {
      inFlight--;
      if (permit.isUnused()) {
        reserved--;
      }
      long now = now();
      if (verdict != AttemptVerdict.NOTHING) {
        allowance.ended(now - permit.startNanos(), now);
      }
      // An attempt from before a change of state says nothing about the time after it.
      if (permit.period() == period) {
        if (verdict == AttemptVerdict.NOTHING) {
          breaker.release();
        } else {
          breaker.record(verdict == AttemptVerdict.WORKED);
        }
        observe(false);
      }
      letGoOn();
      told = takeToTell();
    }
    tell(told);
  }

  /**
   * Retires a destination that nobody uses, so that it can be forgotten.
   *
   * @param alsoOpen whether its breaker may be open
   * @return whether it is retired
   */
  synchronized boolean retire(boolean alsoOpen) {
    boolean idle = inFlight == 0 && line.isEmpty() && forced == ForcedState.AUTO;
    if (idle && (alsoOpen || state == BreakerState.CLOSED)) {
      retired = true;
      cancelWakeUp();
    }
    return retired;
  }

  /**
   * Answers an applicant.
   *
   * @param starts whether the attempt would start at once
   */
  private Admission answer(Applicant applicant, boolean starts) {
    long now = now();
    lastUsedNanos = now;
    if (line.isEmpty()) {
      Permit permit = tryPermit(applicant, starts, now);
      if (permit != null) {
        return new Admission.Granted(permit);
      }
    }
    if (state == BreakerState.CLOSED) {
      return new Admission.MustWait(this, false);
    }
    return applicant.waitsForBreaker(untilTrial(now))
        ? new Admission.MustWait(this, true)
        : new Admission.NotTried(refusalNow(now));
  }

  private @Nullable Permit tryPermit(Applicant applicant, boolean starts, long now) {
    if (limits.maxConcurrency() > 0 && inFlight + hanging() >= limits.maxConcurrency()) {
      return null;
    }
    if (rate != null && !starts && reserved >= MOST_RESERVED) {
      return null; // they would all start at once when there are slots again
    }
    boolean permitted = breaker.tryPermission();
    observe(false);
    if (!permitted) {
      return null;
    }
    if (rate != null && !rate.tryPermission(now)) {
      breaker.release();
      return null;
    }
    inFlight++;
    if (!starts) {
      reserved++;
    }
    if (applicant.isFirstAttempt()) {
      allowance.firstAttempt(now);
    }
    return new Permit(this, now, period, starts);
  }

  private int hanging() {
    return around.capacities().hanging(name);
  }

  /** Gives permits to those who wait, the first one first. */
  private void letGoOn() {
    long now = now();
    while (!line.isEmpty()) {
      Waiter first = line.getFirst();
      Permit permit = tryPermit(first, false, now);
      if (permit == null) {
        break;
      }
      toTell.add(() -> first.granted(permit));
      line.removeFirst();
    }
    wakeUpForLine();
  }

  /** Follows the breaker if its state has changed. */
  private void observe(boolean byOperator) {
    BreakerState from = state;
    BreakerState to = breaker.state();
    if (from == to) {
      return;
    }
    state = to;
    period++;
    sinceMillis = around.time().epochMillis();
    switch (to) {
      case OPEN -> opened();
      case HALF_OPEN -> cancelWakeUp();
      case CLOSED -> closed();
    }
    DestinationView view = view();
    toTell.add(() -> around.observer().changed(view, from, byOperator));
  }

  private void opened() {
    Duration openFor = limits.breaker().openFor();
    long now = now();
    openUntilNanos = now + openFor.toNanos();
    if (forced == ForcedState.AUTO) {
      long jitter = (long) (openFor.toNanos() * TRIAL_JITTER * around.random().getAsDouble());
      cancelWakeUp();
      wakeUpIn(openFor.plusNanos(jitter).plusMillis(1));
    }
    Duration untilTrial = untilTrial(now);
    for (Waiter waiter : List.copyOf(line)) {
      if (!waiter.waitsForBreaker(untilTrial)) {
        line.remove(waiter);
        Refusal refusal = refusalNow(now);
        toTell.add(() -> waiter.refused(refusal));
      }
    }
  }

  /** Without a limit, all who wait would come at once. */
  private void closed() {
    cancelWakeUp();
    if (!limits.isLimited()) {
      for (Waiter waiter : line) {
        toTell.add(() -> waiter.released(limits.breaker().openFor()));
      }
      line.clear();
    }
  }

  private Refusal refusalNow(long now) {
    return new Refusal(name, untilTrial(now));
  }

  /** Returns the time until the next trial; null if an operator keeps the breaker open. */
  private @Nullable Duration untilTrial(long now) {
    if (forced == ForcedState.OPEN) {
      return null;
    }
    return state == BreakerState.OPEN
        ? Duration.ofNanos(Math.max(0, openUntilNanos - now))
        : Duration.ZERO;
  }

  /**
   * Nobody tells when the rate permits an attempt again, or when one that hung has ended. So those
   * who wait are looked at again, unless an attempt is under way that will end.
   */
  private void wakeUpForLine() {
    if (line.isEmpty()) {
      return;
    }
    long now = now();
    if (state == BreakerState.OPEN) {
      if (forced == ForcedState.AUTO) {
        wakeUpIn(Duration.ofNanos(Math.max(0, openUntilNanos - now)).plusMillis(1));
      }
    } else if (rate != null && reserved < MOST_RESERVED) {
      wakeUpIn(rate.untilNext(now).plusNanos(1));
    } else if (inFlight == 0) {
      wakeUpIn(LOOK_AGAIN);
    }
  }

  private void wakeUpIn(Duration delay) {
    if (wakeUp == null) {
      wakeUp = around.timer().schedule(this::wake, delay.toNanos(), TimeUnit.NANOSECONDS);
    }
  }

  private void cancelWakeUp() {
    Future<?> planned = wakeUp;
    wakeUp = null;
    if (planned != null) {
      boolean unused = planned.cancel(false);
    }
  }

  private void wake() {
    List<Runnable> told;
    synchronized (this) {
      wakeUp = null;
      if (state == BreakerState.OPEN && forced == ForcedState.AUTO) {
        if (now() < openUntilNanos) {
          return; // woken for an earlier time
        }
        breaker.halfOpen();
        observe(false);
      }
      letGoOn();
      told = takeToTell();
    }
    tell(told);
  }

  /**
   * Tells what has happened, on the timer's thread: it may be a lot, and must not hold up the
   * thread of an attempt, nor lead back here while it does.
   */
  private void tell(List<Runnable> told) {
    if (told.isEmpty()) {
      return;
    }
    try {
      around.timer().execute(() -> told.forEach(Destination::guarded));
    } catch (RejectedExecutionException e) {
      // The worker has ended; its drain has handed all back.
    }
  }

  private static void guarded(Runnable news) {
    try {
      news.run();
    } catch (RuntimeException | Error e) {
      log.atError().setCause(e).log("Somebody who waits for a destination could not be told");
    }
  }

  private List<Runnable> takeToTell() {
    if (toTell.isEmpty()) {
      return List.of();
    }
    List<Runnable> told = toTell;
    toTell = new ArrayList<>(0);
    return told;
  }

  private long now() {
    return around.time().nanos();
  }
}
