package io.beamline.worker.bench;

import java.util.Locale;

/**
 * What a figure should be.
 *
 * @param atLeast whether more is better
 * @param value the least, or the most, that is good; positive
 */
record Target(boolean atLeast, double value) {

  /** Everything is good. */
  static final Target NONE = new Target(false, Double.POSITIVE_INFINITY);

  private static final String AT_LEAST = "≥ ";

  /** Reads what {@link #toString} writes. */
  static Target of(String text) {
    return text.isEmpty()
        ? NONE
        : new Target(text.startsWith(AT_LEAST), Double.parseDouble(text.substring(2)));
  }

  /** Whether a figure is good. */
  boolean isMet(double figure) {
    return atLeast ? figure >= value : figure <= value;
  }

  /** Whether a figure is so bad that noise cannot be why: not even half as good as it should be. */
  boolean isCollapsed(double figure) {
    return atLeast ? figure < value / 2 : figure > value * 2;
  }

  /** Whether a figure is good, for a table; nothing where everything is. */
  String verdict(double figure) {
    if (equals(NONE)) {
      return "";
    }
    return isMet(figure) ? "yes" : "NO";
  }

  @Override
  public String toString() {
    return equals(NONE)
        ? ""
        : String.format(Locale.ROOT, "%s%.2f", atLeast ? AT_LEAST : "≤ ", value);
  }
}
