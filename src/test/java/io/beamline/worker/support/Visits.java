package io.beamline.worker.support;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** When the attempts of a step came to a server, and when it was done with each. Thread-safe. */
public final class Visits {

  /** What a timer, a hand-over to another thread and a request on loopback may take together. */
  private static final long HAND_OVER_MS = 80;

  private final List<Visit> visits = new ArrayList<>();

  /** Does what a behaviour does, and keeps when. */
  public Misbehaviour of(Misbehaviour behaviour) {
    return (request, socket) -> {
      Visit visit = arrived();
      try {
        return behaviour.act(request, socket);
      } finally {
        visit.doneNanos = System.nanoTime();
      }
    };
  }

  /**
   * Fails unless there was one attempt more than waits, and the worker waited as long before each:
   * never less, and no more than it takes to hand on.
   *
   * @param stalls watched since before the first attempt
   * @param waitsMs the contract's waits
   */
  public synchronized void assertWaits(MachineStalls stalls, long... waitsMs) {
    assertThat(visits).hasSize(waitsMs.length + 1);
    for (int retry = 1; retry <= waitsMs.length; retry++) {
      Visit before = visits.get(retry - 1);
      Visit next = visits.get(retry);
      long wait = waitsMs[retry - 1];
      assertThat(nanosToMs(next.arrivedNanos - before.arrivedNanos))
          .as("from attempt to attempt before retry %d", retry)
          .isGreaterThanOrEqualTo(wait);
      assertThat(nanosToMs(next.arrivedNanos - before.doneNanos))
          .as("wait before retry %d", retry)
          .isLessThanOrEqualTo(wait + HAND_OVER_MS + stalls.longestMs());
    }
  }

  private synchronized Visit arrived() {
    Visit visit = new Visit(System.nanoTime());
    visits.add(visit);
    return visit;
  }

  private static long nanosToMs(long nanos) {
    return TimeUnit.NANOSECONDS.toMillis(nanos);
  }

  private static final class Visit {

    final long arrivedNanos;
    volatile long doneNanos;

    Visit(long arrivedNanos) {
      this.arrivedNanos = arrivedNanos;
      this.doneNanos = arrivedNanos;
    }
  }
}
