package io.beamline.worker.deadletter;

/** Counts what became of the letters that are replayed together. For one thread. */
final class Tally {

  private final long all;
  private long seen;
  private long replayed;
  private long possible;
  private long before;
  private long impossible;

  /** Nothing is counted yet of so many letters. */
  Tally(long all) {
    this.all = all;
  }

  /** A letter that is not meant. */
  void skip() {
    seen++;
  }

  /** A letter's outcome. */
  void count(Outcome outcome) {
    seen++;
    switch (outcome) {
      case Outcome.Replayed done -> replayed++;
      case Outcome.Possible open -> possible++;
      case Outcome.Before early -> before++;
      case Outcome.Impossible never -> impossible++;
    }
  }

  /** Whether a letter could not be replayed. */
  boolean hasFailures() {
    return impossible > 0;
  }

  /** How far it is. */
  String progress(boolean dryRun) {
    return summary(dryRun) + "; looked at " + seen + " of " + all;
  }

  /** All counts in a sentence. */
  String summary(boolean dryRun) {
    return (dryRun ? possible + " would be replayed" : replayed + " replayed")
        + ", "
        + before
        + " were replayed before, "
        + impossible
        + " cannot be replayed";
  }
}
