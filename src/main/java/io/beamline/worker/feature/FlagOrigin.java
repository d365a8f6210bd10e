package io.beamline.worker.feature;

import java.util.regex.Pattern;

/**
 * Where a flag's state comes from. Immutable.
 *
 * @param place where it is kept, as half a sentence; empty when it is the configured one
 * @param revision which change it was; 0 when it is the configured one
 * @param user who made it; empty when it is not known
 * @param worker on which worker; empty when it is not known
 */
record FlagOrigin(String place, long revision, String user, String worker) {

  /** The console writes texts into its pages as they are. */
  private static final Pattern ODD = Pattern.compile("[^ !#-%(-;=?-~]");

  private static final int LONGEST = 128;

  /** The configuration. */
  static final FlagOrigin CONFIGURATION = new FlagOrigin("", 0, "", "");

  /** Keeps names harmless and short. */
  FlagOrigin {
    user = name(user);
    worker = name(worker);
  }

  /** A text without what would be more than text in a page. */
  static String harmless(String text) {
    return ODD.matcher(text).replaceAll("?");
  }

  /** Whether nobody has chosen another state than the configured one. */
  boolean isConfiguration() {
    return place.isEmpty();
  }

  /** For a person, as half a sentence. */
  String text() {
    if (isConfiguration()) {
      return "configuration";
    }
    String by = user.isEmpty() ? "" : ", by " + user;
    String on = worker.isEmpty() ? "" : " on " + worker;
    return place + ", revision " + revision + by + on;
  }

  private static String name(String given) {
    String shown = harmless(given);
    return shown.length() > LONGEST ? shown.substring(0, LONGEST) : shown;
  }
}
