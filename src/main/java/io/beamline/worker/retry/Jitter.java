package io.beamline.worker.retry;

/** How a wait varies, so that steps that failed together do not come back together (W3-1.1). */
public enum Jitter {
  /** Not at all. */
  NONE,
  /** Anywhere between zero and the wait. */
  FULL,
  /** Half the wait, and anywhere within the other half. */
  EQUAL
}
