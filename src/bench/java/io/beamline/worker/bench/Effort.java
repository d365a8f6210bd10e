package io.beamline.worker.bench;

/**
 * How long to measure.
 *
 * @param form how much is measured
 * @param warmUps rounds of each side that do not count
 * @param rounds rounds of each side that do
 * @param brief whether rounds have fewer steps, which is enough for a look and not for a document
 */
record Effort(Form form, int warmUps, int rounds, boolean brief) {

  /** What takes minutes is measured once. */
  static final Effort ONCE = new Effort(Form.LONG, 0, 1, false);

  private static final int SHARE = 2;
  private static final int DEEP = 3;
  private static final int OFTEN = 2;

  /**
   * The short form with {@code -Dbench.short}, else the full one. Its rounds are half as long, so
   * that more of them pass until the sides are compiled. With {@code -Dbench.only} too, all rows of
   * these benches are measured, in a few short rounds.
   */
  static Effort wanted() {
    boolean brief = isBrief();
    if (brief && !System.getProperty("bench.only", "").isEmpty()) {
      return new Effort(Form.FULL, 2, 3, true);
    }
    return brief ? new Effort(Form.SHORT, 4, 3, true) : new Effort(Form.FULL, 3, 5, false);
  }

  /** For what is compared by size; with {@code -Dbench.short} for a look only. */
  static Effort ofSizes() {
    return isBrief() ? new Effort(Form.SIZES, 1, 2, true) : new Effort(Form.SIZES, 3, 5, false);
  }

  private static boolean isBrief() {
    return !System.getProperty("bench.short", "false").equals("false");
  }

  /** The same for sides with so much code on their way that the compiler takes longer with it. */
  Effort deep() {
    return new Effort(form, DEEP * warmUps, rounds, brief);
  }

  /** The same for sides that are not made quicker by more than one round that does not count. */
  Effort cold() {
    return new Effort(form, 1, rounds, brief);
  }

  /** The same for sides that are warm already. */
  Effort warmed() {
    return new Effort(form, 0, rounds, brief);
  }

  /** The same for numbers that differ much from round to round. */
  Effort often() {
    return new Effort(form, warmUps, OFTEN * rounds, brief);
  }

  /** The steps of a round, of which a brief one has fewer. */
  int steps(int full) {
    return brief ? full / SHARE : full;
  }
}
