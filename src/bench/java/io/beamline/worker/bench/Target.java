package io.beamline.worker.bench;

import java.util.Locale;

/**
 * What a figure should be.
 *
 * @param atLeast whether more is better
 * @param value the least, or the most, that is good; positive
 */
record Target(boolean atLeast, double value) {

  static Target atLeast(double value) {
    return new Target(true, value);
  }

  static Target atMost(double value) {
    return new Target(false, value);
  }

  /** Whether a figure is good. */
  boolean isMet(double figure) {
    return atLeast ? figure >= value : figure <= value;
  }

  /** Whether a figure is so bad that noise cannot be why: not even half as good as it should be. */
  boolean isCollapsed(double figure) {
    return atLeast ? figure < value / 2 : figure > value * 2;
  }

  @Override
  public String toString() {
    return String.format(Locale.ROOT, "%s %.2f", atLeast ? "≥" : "≤", value);
  }
}
