package io.beamline.worker.retry;

/** How delays vary at random, so that steps that failed together do not retry together (W3-1.1). */
public enum Jitter {
  /** Delays do not vary. */
  NONE,
  /** From zero to the whole delay. */
  FULL,
  /** From half of the delay to the whole. */
  EQUAL
}
