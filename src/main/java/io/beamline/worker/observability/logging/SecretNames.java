package io.beamline.worker.observability.logging;

/**
 * Decides by the name of a field whether its value is a secret (contract section 11). Case is
 * ignored. The underscore in {@code api_key} and {@code credit_card} stands for any one separator
 * or none, as in {@code apiKey} or {@code X-Api-Key}. Pure; no regular expressions, because it runs
 * for every field of every line.
 */
public final class SecretNames {

  private static final String[] WORDS = {
    "password",
    "api_key",
    "secret",
    "token",
    "authorization",
    "credit_card",
    "ssn",
    "email",
    "phone"
  };

  private SecretNames() {}

  /** Whether the name contains one of the words that mark a secret. */
  public static boolean contains(String name) {
    for (int i = 0; i < name.length(); i++) {
      char initial = lower(name.charAt(i));
      for (String word : WORDS) {
        if (word.charAt(0) == initial && startsWith(name, i, word)) {
          return true;
        }
      }
    }
    return false;
  }

  private static boolean startsWith(String name, int from, String word) {
    int at = from;
    for (int i = 0; i < word.length(); i++) {
      char wanted = word.charAt(i);
      if (wanted == '_') {
        at += at < name.length() && isSeparator(name.charAt(at)) ? 1 : 0;
      } else if (at >= name.length() || lower(name.charAt(at)) != wanted) {
        return false;
      } else {
        at++;
      }
    }
    return true;
  }

  private static boolean isSeparator(char c) {
    return c == '_' || c == '-' || c == '.' || c == ' ';
  }

  private static char lower(char c) {
    return c >= 'A' && c <= 'Z' ? (char) (c + ('a' - 'A')) : c;
  }
}
