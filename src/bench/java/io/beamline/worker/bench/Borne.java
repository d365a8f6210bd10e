package io.beamline.worker.bench;

import java.util.List;

/**
 * How a load was borne.
 *
 * @param steps the assignments that came
 * @param acked those with an ack
 * @param accepted those whose ack says so
 * @param succeeded those with a result that says so
 * @param latencies from the publishing to the result of those that have one
 */
record Borne(int steps, int acked, int accepted, int succeeded, Latencies latencies) {

  /** A part of all, as a round of its own. */
  Series share(int part) {
    return of(part, steps);
  }

  /** The accepted that succeeded. */
  Series succeededOfAccepted() {
    return of(succeeded, accepted);
  }

  /** 95 of 100 results took no longer, in seconds. */
  Series p95Seconds() {
    return Series.of(List.of(latencies), all -> all.p95() / 1_000);
  }

  private static Series of(int part, int whole) {
    return new Series(List.of((double) part / whole));
  }
}
