package io.beamline.worker.bench;

/**
 * What one side did with a heap of assignments.
 *
 * @param steps how many there were
 * @param seconds from the first ack to the last result
 * @param processorSeconds what its processes used
 */
record Round(int steps, double seconds, double processorSeconds) {

  /** Steps a second. */
  double rate() {
    return steps / seconds;
  }

  /** Milliseconds of processor time for a thousand steps. */
  double processorMsOfThousand() {
    return processorSeconds * 1_000_000 / steps;
  }
}
