package io.beamline.worker.destination;

import io.beamline.worker.timeout.TimeSource;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The destinations of this worker by name (W3-5). Their number is bounded: the least recently used
 * ones that nobody waits for are forgotten first, those with a closed breaker before the others.
 * Thread-safe.
 */
public final class Destinations {

  /** The most destinations that are remembered. */
  static final int MAX_DESTINATIONS = 10_000;

  /** The most attempts that the breakers of all destinations together look at; it bounds memory. */
  private static final int MAX_WINDOWS = 200_000;

  /** The most destinations whose breaker is forced. */
  public static final int MAX_FORCED = 1_000;

  /** The time for which none is forgotten after a search that found none. */
  private static final long SEARCH_AGAIN_NANOS = Duration.ofSeconds(1).toNanos();

  /** How many are forgotten at once (1/20), so that a full memory is not searched each time. */
  private static final int FORGET_DIVISOR = 20;

  private final LimitRules rules;
  private final Destination.Surroundings around;
  private final int max;
  private final Map<BreakerRule, CircuitBreakerConfig> configs = new ConcurrentHashMap<>();
  private final Map<String, Destination> byName = new ConcurrentHashMap<>();

  /** What operators want of some of them. Also the lock of every change of that. */
  private final Map<String, ForcedState> forced = new HashMap<>();

  private final Lock forgetting = new ReentrantLock();

  /** When the last search found none that could be forgotten; guarded by the lock. */
  private long searchedInVainNanos;

  /**
   * Creates an empty memory.
   *
   * @param timer wakes those that wait up; it must not be blocked for long
   * @param random supplies numbers from 0.0 to 1.0
   */
  public Destinations(
      LimitRules rules,
      ScheduledExecutorService timer,
      TimeSource time,
      DestinationObserver observer,
      DoubleSupplier random,
      Capacities capacities) {
    this(rules, timer, time, observer, random, capacities, most(rules));
  }

  Destinations(
      LimitRules rules,
      ScheduledExecutorService timer,
      TimeSource time,
      DestinationObserver observer,
      DoubleSupplier random,
      Capacities capacities,
      int max) {
    this.rules = rules;
    this.around = new Destination.Surroundings(timer, time, observer, random, capacities);
    this.max = max;
    this.searchedInVainNanos = time.nanos() - SEARCH_AGAIN_NANOS;
  }

  private static int most(LimitRules rules) {
    return Math.clamp(MAX_WINDOWS / rules.largestWindow(), 100, MAX_DESTINATIONS);
  }

  /** Asks for a permit to make an attempt. */
  public Admission enter(String name, Applicant applicant) {
    while (true) {
      Destination destination = of(name);
      Admission answer = destination.enter(applicant);
      if (answer != null) {
        return answer;
      }
      byName.remove(name, destination);
    }
  }

  /** Returns the destination of a name; a new one if it is not remembered. */
  public Destination of(String name) {
    Destination known = byName.get(name);
    if (known != null) {
      return known;
    }
    if (byName.size() >= max) {
      forgetSome();
    }
    Destination made = byName.computeIfAbsent(name, this::make);
    synchronized (forced) {
      made.force(forced.getOrDefault(name, ForcedState.AUTO));
    }
    return made;
  }

  /**
   * Sets what an operator wants of a destination.
   *
   * @return false if {@link #MAX_FORCED} others are forced already; then nothing has changed
   */
  public boolean force(String name, ForcedState wanted) {
    synchronized (forced) {
      if (wanted != ForcedState.AUTO && isFullFor(name)) {
        return false;
      }
      if (wanted == ForcedState.AUTO) {
        forced.remove(name);
      } else {
        forced.put(name, wanted);
        // Operators see a forced destination also when nobody has used it.
        Destination unused = of(name);
      }
      Destination known = byName.get(name);
      if (known != null) {
        known.force(wanted);
      }
      return true;
    }
  }

  private boolean isFullFor(String name) {
    return forced.size() >= MAX_FORCED && !forced.containsKey(name);
  }

  /** Returns what operators see of all destinations, in no order. */
  public List<DestinationView> views() {
    return byName.values().stream().map(Destination::view).toList();
  }

  /** Returns what operators see of a destination, or null if it is not remembered. */
  public @Nullable DestinationView view(String name) {
    Destination known = byName.get(name);
    return known == null ? null : known.view();
  }

  /** Returns the number of destinations whose breaker is in a state. */
  public int count(BreakerState state) {
    return (int) byName.values().stream().filter(each -> each.state() == state).count();
  }

  /** Returns the worst state of the destinations that an override matches. */
  public BreakerState worst(String override) {
    return byName.values().stream()
        .filter(each -> override.equals(each.override()))
        .map(Destination::state)
        .max(Comparator.comparingInt(BreakerState::severity))
        .orElse(BreakerState.CLOSED);
  }

  /** Returns how many wait for a breaker, or else for a limit. */
  public int inLine(boolean parked) {
    return byName.values().stream().mapToInt(each -> each.inLine(parked)).sum();
  }

  private Destination make(String name) {
    LimitRules.LimitOverride override = rules.overrideOf(name);
    DestinationLimits limits =
        (override == null ? rules.others() : override.limits())
            .within(around.capacities().capacity(name));
    return new Destination(
        name,
        override == null ? null : override.name(),
        limits,
        configs.computeIfAbsent(limits.breaker(), rule -> Breaker.config(rule, around.time())),
        around);
  }

  private void forgetSome() {
    if (!forgetting.tryLock()) {
      return;
    }
    try {
      long now = around.time().nanos();
      if (now - searchedInVainNanos < SEARCH_AGAIN_NANOS) {
        return;
      }
      // Copied, because they are used while they are sorted.
      Map<Destination, Long> lastUsed = new HashMap<>();
      byName.values().forEach(each -> lastUsed.put(each, each.lastUsedNanos()));
      List<Destination> oldestFirst = new ArrayList<>(lastUsed.keySet());
      oldestFirst.sort(Comparator.comparing(lastUsed::get));
      int some = Math.max(1, max / FORGET_DIVISOR);
      int left = forget(oldestFirst, some, false);
      if (forget(oldestFirst, left, true) == some) {
        searchedInVainNanos = now;
      }
    } finally {
      forgetting.unlock();
    }
  }

  /** Returns how many of them could not be forgotten. */
  private int forget(List<Destination> oldestFirst, int some, boolean alsoOpen) {
    int left = some;
    for (Destination each : oldestFirst) {
      if (left == 0) {
        break;
      }
      if (byName.get(each.name()) == each && each.retire(alsoOpen)) {
        byName.remove(each.name(), each);
        left--;
      }
    }
    return left;
  }
}
