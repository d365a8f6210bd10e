package io.beamline.worker.deadletter;

/** Formats the outcome of a replay as a line. Pure. */
final class OutcomeText {

  private OutcomeText() {}

  /** Returns the line for a letter. */
  static String line(Letter letter, ReplayOutcome outcome) {
    return letter.sequence()
        + ": "
        + switch (outcome) {
          case ReplayOutcome.Replayed(String id, String old) ->
              "replayed as " + id + " (it was " + Printable.line(old) + ")";
          case ReplayOutcome.Possible(String id, String old) ->
              "would be replayed as " + id + " (it was " + Printable.line(old) + ")";
          case ReplayOutcome.AlreadyReplayed(String id, var at) ->
              "was replayed before as " + id + (at == null ? "" : " at " + at);
          case ReplayOutcome.Impossible(String why) -> "cannot be replayed: " + why;
        };
  }

  /** Returns whether a replay of many letters prints this line; it counts all outcomes. */
  static boolean isListedByReplayAll(ReplayOutcome outcome) {
    return outcome instanceof ReplayOutcome.Impossible || outcome instanceof ReplayOutcome.Possible;
  }
}
