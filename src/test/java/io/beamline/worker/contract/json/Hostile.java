package io.beamline.worker.contract.json;

import java.util.List;

/** Texts that break a careless writer. */
final class Hostile {

  static final List<String> TEXTS =
      List.of(
          "",
          " ",
          "\"",
          "\\",
          "\"}],{\"status\":\"success",
          "\0",
          "\u0001\b\t\n\f\r\u001f",
          "\u007f\u0080\u009f",
          "a\r\nstatus: success",
          "\u2028\u2029",
          "\uFEFF",
          "\uFFFE\uFFFF",
          "\uD83D\uDE00",
          "\uD800",
          "\uDC00",
          "\uDC00\uD800",
          "a\uD800b",
          "\uD83D\uD83D\uDE00\uDE00",
          "</script>",
          "${jndi:x}",
          "%s%n",
          "e\u0301\u202E",
          "x".repeat(100_000),
          "\uD83D\uDE00".repeat(9_000),
          "x".repeat(7_999) + "\uD83D\uDE00",
          "x".repeat(8_000) + "\uD800",
          "\u0001".repeat(20_000));

  private Hostile() {}

  /** Returns the text with each unpaired surrogate replaced by U+FFFD. */
  static String asWritten(String text) {
    StringBuilder written = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean pair = i + 1 < text.length() && Character.isSurrogatePair(c, text.charAt(i + 1));
      if (pair) {
        written.append(c).append(text.charAt(++i));
      } else {
        written.append(Character.isSurrogate(c) ? '\uFFFD' : c);
      }
    }
    return written.toString();
  }
}
