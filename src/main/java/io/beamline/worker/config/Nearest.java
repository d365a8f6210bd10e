package io.beamline.worker.config;

import java.util.Collection;
import java.util.Locale;
import org.apache.commons.text.similarity.LevenshteinDistance;
import org.jspecify.annotations.Nullable;

/** Finds the name that somebody may have meant. Pure. */
public final class Nearest {

  private static final int LETTERS_PER_MISTAKE = 4;

  private Nearest() {}

  /**
   * Returns the name that differs least from a word, without regard to case and to dashes, dots and
   * underscores. Returns null if none is near: one mistake is allowed, and one more for every four
   * letters.
   */
  public static @Nullable String to(String word, Collection<String> names) {
    String wanted = plain(word);
    int most = 1 + wanted.length() / LETTERS_PER_MISTAKE;
    String nearest = null;
    for (String name : names) {
      int distance = new LevenshteinDistance(most).apply(wanted, plain(name));
      if (distance >= 0) {
        nearest = name;
        most = distance - 1;
      }
      if (most < 0) {
        break;
      }
    }
    return nearest;
  }

  /** Returns a name as all its spellings have it: in small letters, and without what separates. */
  static String plain(String name) {
    return name.replaceAll("[._-]", "").toLowerCase(Locale.ROOT);
  }
}
