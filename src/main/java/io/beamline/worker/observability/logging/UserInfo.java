package io.beamline.worker.observability.logging;

/**
 * Removes user names and passwords from the URLs in a text: {@code nats://user:pass@host} becomes
 * {@code nats://host}. Takes linear time for every text. Pure.
 */
public final class UserInfo {

  private static final String MARK = "://";

  private UserInfo() {}

  /** Returns the text without user info; the same object if it contains no URL. */
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
   * Returns the index at which the host begins.
   *
   * @param wordAt index of the last {@code @} in the word of the URL, -1 for none
   */
  private static int afterUserInfo(String text, int authority, int wordAt) {
    int end = endOf(text, authority, "/?#");
    int at = lastAt(text, authority, end);
    if (at < 0 && wordAt >= authority && hasPassword(text, authority, end)) {
      at = wordAt;
    }
    return at < 0 ? authority : at + 1;
  }

  /**
   * Returns the index of the first delimiter or of a character that no URL has, or else the end.
   */
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

  /**
   * Whether the text after the colon is no port, and so is a password that is not percent-encoded.
   */
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
