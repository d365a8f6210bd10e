package io.beamline.worker.observability.logging;

/**
 * Tells by a field's name whether its value must stay out of the logs (contract section 11). The
 * case does not matter, and between the parts of {@code api_key} and {@code credit_card} there may
 * be any one separator or none, as in {@code apiKey} or {@code X-Api-Key}. Pure, without patterns:
 * it runs for every field of every line.
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

  /** Whether the name contains one of the words. */
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
