package io.beamline.worker.observability.logging;

/**
 * Cuts user names and passwords out of the addresses in a text: {@code nats://user:pass@host}
 * becomes {@code nats://host}. Goes over each character a few times at most, whatever the text is.
 * Pure, without patterns.
 */
public final class UserInfo {

  private static final String MARK = "://";

  private UserInfo() {}

  /** The text without user info; the same object when there is no address in it. */
  public static String cut(String text) {
    int mark = text.indexOf(MARK);
    if (mark < 0) {
      return text;
    }
    StringBuilder cut = new StringBuilder(text.length());
    int copied = 0;
    int wordEnd = 0;
    int wordAt = -1;
    while (mark >= 0) {
      int authority = mark + MARK.length();
      if (authority >= wordEnd) {
        wordEnd = endOf(text, authority, "");
        wordAt = lastAt(text, authority, wordEnd);
      }
      cut.append(text, copied, authority);
      copied = afterUserInfo(text, authority, wordAt);
      mark = text.indexOf(MARK, copied);
    }
    return cut.append(text, copied, text.length()).toString();
  }

  /**
   * Where the host begins.
   *
   * @param wordAt the last {@code @} of the word that the address is in, -1 for none
   */
  private static int afterUserInfo(String text, int authority, int wordAt) {
    int end = endOf(text, authority, "/?#");
    int at = lastAt(text, authority, end);
    if (at < 0 && wordAt >= authority && hasPassword(text, authority, end)) {
      at = wordAt;
    }
    return at < 0 ? authority : at + 1;
  }

  /** The first character that no address has, or one of the given ones; else the text's end. */
  private static int endOf(String text, int from, String delimiters) {
    int i = from;
    while (i < text.length() && !ends(text.charAt(i)) && delimiters.indexOf(text.charAt(i)) < 0) {
      i++;
    }
    return i;
  }

  private static boolean ends(char c) {
    return c <= ' ' || c == '"' || c == '<' || c == '>' || c == 0x7f;
  }

  private static int lastAt(String text, int from, int end) {
    int at = end - 1;
    while (at >= from && text.charAt(at) != '@') {
      at--;
    }
    return at >= from ? at : -1;
  }

  /** Whether what follows the colon is no port, so a password that was not encoded as it should. */
  private static boolean hasPassword(String text, int from, int end) {
    int colon = text.indexOf(':', from);
    if (colon < 0 || colon >= end || text.charAt(from) == '[') {
      return false;
    }
    for (int i = colon + 1; i < end; i++) {
      if (text.charAt(i) < '0' || text.charAt(i) > '9') {
        return true;
      }
    }
    return false;
  }
}
