package io.beamline.worker.observability.logging;

/**
 * Writes text as a JSON string on one line. Control characters and line separators are escaped.
 * Unpaired surrogates, which UTF-8 cannot encode, are replaced by U+FFFD. Text is cut after 16 384
 * {@code char} values. Pure.
 */
final class JsonText {

  private static final int MAX_LENGTH = 16_384;
  private static final char REPLACEMENT = 0xfffd;
  private static final String HEX = "0123456789abcdef";

  private JsonText() {}

  /** Appends the text in quotes. */
  static void append(StringBuilder out, String text) {
    out.append('"');
    int end = Math.min(text.length(), MAX_LENGTH);
    int written = 0;
    for (int i = 0; i < end; i++) {
      char c = text.charAt(i);
      if (isPlain(c)) {
        continue;
      }
      if (Character.isHighSurrogate(c)
          && i + 1 < end
          && Character.isLowSurrogate(text.charAt(i + 1))) {
        i++;
        continue;
      }
      out.append(text, written, i);
      escape(out, c);
      written = i + 1;
    }
    out.append(text, written, end);
    if (end < text.length()) {
      out.append("... (").append(text.length() - end).append(" more)");
    }
    out.append('"');
  }

  private static boolean isPlain(char c) {
    if (c < 0x7f) {
      return c >= ' ' && c != '"' && c != '\\';
    }
    return c > 0x9f && c != 0x2028 && c != 0x2029 && !Character.isSurrogate(c);
  }

  private static void escape(StringBuilder out, char c) {
    switch (c) {
      case '"' -> out.append("\\\"");
      case '\\' -> out.append("\\\\");
      case '\n' -> out.append("\\n");
      case '\r' -> out.append("\\r");
      case '\t' -> out.append("\\t");
      default -> {
        char shown = Character.isSurrogate(c) ? REPLACEMENT : c;
        out.append("\\u");
        for (int shift = 12; shift >= 0; shift -= 4) {
          out.append(HEX.charAt((shown >> shift) & 0xf));
        }
      }
    }
  }
}
