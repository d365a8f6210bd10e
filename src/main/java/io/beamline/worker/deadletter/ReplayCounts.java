package io.beamline.worker.deadletter;

import java.util.LinkedHashMap;
import java.util.Map;

/** Counts the outcomes of one command's replays. Used by one thread. */
final class ReplayCounts {

  private final long total;
  private long checked;
  private long replayed;
  private long possible;
  private long alreadyReplayed;
  private long impossible;

  /**
   * Creates counts of zero.
   *
   * @param total how many letters the scan has
   */
  ReplayCounts(long total) {
    this.total = total;
  }

  /** Counts a letter that does not match the filter. */
  void skip() {
    checked++;
  }

  /** Counts an outcome. */
  void add(ReplayOutcome outcome) {
    checked++;
    switch (outcome) {
      case ReplayOutcome.Replayed done -> replayed++;
      case ReplayOutcome.Possible open -> possible++;
      case ReplayOutcome.AlreadyReplayed early -> alreadyReplayed++;
      case ReplayOutcome.Impossible never -> impossible++;
    }
  }

  /**
   * Returns the counts by name, in the order of {@link #summary}.
   *
   * @param dryRun whether nothing was replayed
   */
  Map<String, Object> byName(boolean dryRun) {
    Map<String, Object> counts = new LinkedHashMap<>();
    counts.put(dryRun ? "possible" : "replayed", dryRun ? possible : replayed);
    counts.put("already_replayed", alreadyReplayed);
    counts.put("impossible", impossible);
    return counts;
  }

  /** Returns whether a letter cannot be replayed. */
  boolean hasFailures() {
    return impossible > 0;
  }

  /** Returns all counts and the progress of the scan. */
  String progress(boolean dryRun) {
    return summary(dryRun) + "; checked " + checked + " of " + total;
  }

  /** Returns all counts in a sentence. */
  String summary(boolean dryRun) {
    return (dryRun ? possible + " would be replayed" : replayed + " replayed")
        + ", "
        + alreadyReplayed
        + " were replayed before, "
        + impossible
        + " cannot be replayed";
  }
}
