package io.beamline.worker.contract.json;

import java.util.Arrays;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * Removes the values of a JSON text that are nested deeper than {@link Json#MAX_DEPTH}. It looks
 * only at brackets and strings, in one pass without recursion, and needs one bit per open bracket.
 * Used by one thread.
 */
final class DeepValues {

  private final byte[] text;

  /** For each open bracket, whether it opens an object. */
  private final BitSet braces = new BitSet();

  private int depth;
  private int deepValueStart;

  private DeepValues(byte[] text) {
    this.text = text;
  }

  /**
   * Returns a copy of the text of the same length. Each value that is nested too deep becomes an
   * empty string followed by spaces. Returns null if a bracket or string is not closed.
   *
   * @param json any bytes; they are not changed
   */
  static byte @Nullable [] blanked(byte[] json) {
    byte[] copy = json.clone();
    return new DeepValues(copy).blank() ? copy : null;
  }

  private boolean blank() {
    for (int i = 0; i < text.length; i++) {
      byte b = text[i];
      if (b == '"') {
        i = endOfString(i);
      } else if (b == '{' || b == '[') {
        open(b, i);
      } else if ((b == '}' || b == ']') && !close(b, i)) {
        return false;
      }
    }
    return depth == 0;
  }

  /** Returns the index of the closing quote, or the end of the text if there is none. */
  private int endOfString(int start) {
    int i = start + 1;
    while (i < text.length && text[i] != '"') {
      i += text[i] == '\\' ? 2 : 1;
    }
    return i;
  }

  private void open(byte bracket, int at) {
    if (depth == Json.MAX_DEPTH) {
      deepValueStart = at;
    }
    braces.set(depth++, bracket == '{');
  }

  private boolean close(byte bracket, int at) {
    if (depth == 0 || braces.get(--depth) != (bracket == '}')) {
      return false;
    }
    if (depth == Json.MAX_DEPTH) {
      Arrays.fill(text, deepValueStart, at + 1, (byte) ' ');
      text[deepValueStart] = '"';
      text[deepValueStart + 1] = '"';
    }
    return true;
  }
}
