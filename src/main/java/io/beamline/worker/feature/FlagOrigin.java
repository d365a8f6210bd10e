package io.beamline.worker.feature;

import java.util.regex.Pattern;

/**
 * Where a flag's state comes from: the configuration, or a change by an operator. Immutable.
 *
 * @param source where the change is stored, from {@link FlagStore#source}; empty for the
 *     configuration
 * @param revision the number of the change; 0 for the configuration
 * @param user the user who made the change; empty when unknown
 * @param worker the id of the worker on which it was made; empty when unknown
 */
record FlagOrigin(String source, long revision, String user, String worker) {

  /** Characters that could be markup: the console does not escape the texts in its pages. */
  private static final Pattern UNSAFE = Pattern.compile("[^ !#-%(-;=?-~]");

  private static final int MAX_NAME_LENGTH = 128;

  static final FlagOrigin CONFIGURATION = new FlagOrigin("", 0, "", "");

  /** Creates an origin. It cuts the two names to 128 characters and replaces unsafe ones. */
  FlagOrigin {
    user = shorten(user);
    worker = shorten(worker);
  }

  /** Returns the text with a question mark for each character that could be markup in a page. */
  static String sanitize(String text) {
    return UNSAFE.matcher(text).replaceAll("?");
  }

  /** Returns whether the state is the configured one. */
  boolean isConfiguration() {
    return source.isEmpty();
  }

  /** Returns the origin for an operator; a part of a sentence. */
  String text() {
    if (isConfiguration()) {
      return "configuration";
    }
    String by = user.isEmpty() ? "" : ", by " + user;
    String on = worker.isEmpty() ? "" : " on " + worker;
    return source + ", revision " + revision + by + on;
  }

  private static String shorten(String name) {
    String safe = sanitize(name);
    return safe.length() > MAX_NAME_LENGTH ? safe.substring(0, MAX_NAME_LENGTH) : safe;
  }
}
