package io.beamline.worker.block.nats;

/**
 * Which texts can be the subject of a request: words of visible ASCII characters with dots between
 * them. A longer line than a NATS server takes would end the worker's connection, hence the limit.
 * Pure.
 */
final class SubjectSyntax {

  static final int MAX_LENGTH = 256;

  private static final String ONE_WORD = "*";
  private static final String REST = ">";

  private SubjectSyntax() {}

  /** Returns whether a text is a subject without wildcards. */
  static boolean isSubject(String text) {
    return isPattern(text) && !text.contains(ONE_WORD) && !text.contains(REST);
  }

  /**
   * Returns whether a text is a subject in which {@code *} may stand for a word and {@code >} for
   * the last ones.
   */
  static boolean isPattern(String text) {
    if (text.length() > MAX_LENGTH || !text.chars().allMatch(c -> c > ' ' && c <= '~')) {
      return false;
    }
    String[] words = text.split("\\.", -1);
    for (int i = 0; i < words.length; i++) {
      if (!isWord(words[i], i == words.length - 1)) {
        return false;
      }
    }
    return true;
  }

  private static boolean isWord(String word, boolean last) {
    if (word.equals(ONE_WORD) || (last && word.equals(REST))) {
      return true;
    }
    return !word.isEmpty() && !word.contains(ONE_WORD) && !word.contains(REST);
  }
}
