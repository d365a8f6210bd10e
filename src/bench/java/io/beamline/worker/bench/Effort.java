package io.beamline.worker.bench;

/**
 * How long to measure.
 *
 * @param form how much is measured
 * @param warmUps rounds of each side that do not count
 * @param rounds rounds of each side that do
 */
record Effort(Form form, int warmUps, int rounds) {

  /** What takes minutes is measured once. */
  static final Effort ONCE = new Effort(Form.LONG, 0, 1);

  private static final int SHARE = 2;
  private static final int DEEP = 3;

  /**
   * The short form with {@code -Dbench.short}, else the full one. Its rounds are half as long, so
   * that more of them pass until the sides are compiled.
   */
  static Effort wanted() {
    boolean brief = !System.getProperty("bench.short", "false").equals("false");
    return brief ? new Effort(Form.SHORT, 6, 5) : new Effort(Form.FULL, 3, 5);
  }

  /** The same for sides with so much code on their way that the compiler takes longer with it. */
  Effort deep() {
    return new Effort(form, DEEP * warmUps, rounds);
  }

  /** The same for sides that are not made quicker by more than one round that does not count. */
  Effort cold() {
    return new Effort(form, 1, rounds);
  }

  /** The same for sides that are warm already. */
  Effort warmed() {
    return new Effort(form, 0, rounds);
  }

  /** The steps of a round, of which the short form has fewer. */
  int steps(int full) {
    return form == Form.SHORT ? full / SHARE : full;
  }
}
