package io.beamline.worker.deadletter;

/** Says what became of a letter. Pure. */
final class OutcomeText {

  private OutcomeText() {}

  /** The line for a letter. */
  static String line(Letter letter, Outcome outcome) {
    return letter.sequence()
        + ": "
        + switch (outcome) {
          case Outcome.Replayed(String id, String old) ->
              "replayed as " + id + " (it was " + Printable.line(old) + ")";
          case Outcome.Possible(String id, String old) ->
              "would be replayed as " + id + " (it was " + Printable.line(old) + ")";
          case Outcome.Before(String id, var at) ->
              "was replayed before as " + id + (at == null ? "" : " at " + at);
          case Outcome.Impossible(String why) -> "cannot be replayed: " + why;
        };
  }

  /** Whether it has a line of its own where many are replayed; the others are counted. */
  static boolean isWorthALine(Outcome outcome) {
    return outcome instanceof Outcome.Impossible || outcome instanceof Outcome.Possible;
  }
}
