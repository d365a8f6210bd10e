package io.beamline.worker.connection;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The first line of a message from the server: {@code MSG subject sid [reply] length} or {@code
 * HMSG subject sid [reply] headerLength length}. One object serves for all lines of a connection,
 * and reads them where they are, because each message that the worker receives passes here. Used by
 * one thread.
 */
final class FrameLine {

  /** An HMSG line with a reply subject has most. */
  private static final int MAX_WORDS = 6;

  private static final int INVALID = -1;

  private final int[] starts = new int[MAX_WORDS];
  private final int[] ends = new int[MAX_WORDS];
  private byte[] buffer = {};
  private int words;
  private boolean hasHeaders;
  private int headerLength;
  private int payloadLength;

  /**
   * Reads a line. What the other methods return is valid until the buffer changes.
   *
   * @param buffer holds the line from index {@code from}, inclusive, to {@code to}, exclusive,
   *     without its line break
   * @param hasHeaders whether it begins with HMSG, not with MSG, which the caller has looked at
   * @return false if the rest is not as in such a line
   */
  boolean read(byte[] buffer, int from, int to, boolean hasHeaders) {
    this.buffer = buffer;
    this.hasHeaders = hasHeaders;
    int least = hasHeaders ? 5 : 4;
    if (!split(from, to) || words < least || words > least + 1) {
      return false;
    }
    int total = number(words - 1);
    headerLength = hasHeaders ? number(words - 2) : 0;
    payloadLength = total - headerLength;
    return total != INVALID && headerLength != INVALID && payloadLength >= 0;
  }

  /** Returns the length of the headers in bytes, 0 without headers. */
  int headerLength() {
    return headerLength;
  }

  /** Returns the length of the payload in bytes. */
  int payloadLength() {
    return payloadLength;
  }

  String subject() {
    return word(1);
  }

  /** Returns the reply subject, null for none. */
  @Nullable String replyTo() {
    return words == (hasHeaders ? 6 : 5) ? word(3) : null;
  }

  /** Returns the line, with its line break, for headers of another length in bytes. */
  byte[] withHeaderLength(int length) {
    StringBuilder line = new StringBuilder(length == 0 ? "MSG " : "HMSG ");
    line.append(subject()).append(' ').append(word(2));
    String replyTo = replyTo();
    if (replyTo != null) {
      line.append(' ').append(replyTo);
    }
    if (length > 0) {
      line.append(' ').append(length);
    }
    line.append(' ').append(length + payloadLength).append("\r\n");
    return line.toString().getBytes(StandardCharsets.ISO_8859_1);
  }

  /** Finds the words. Returns false if there are more than any such line has. */
  private boolean split(int from, int to) {
    words = 0;
    for (int at = from; at < to; at++) {
      if (isSpace(buffer[at])) {
        continue;
      }
      if (words == MAX_WORDS) {
        return false;
      }
      starts[words] = at;
      while (at < to && !isSpace(buffer[at])) {
        at++;
      }
      ends[words] = at;
      words++;
    }
    return true;
  }

  private static boolean isSpace(byte character) {
    return character == ' ' || character == '\t';
  }

  private String word(int index) {
    return new String(
        buffer, starts[index], ends[index] - starts[index], StandardCharsets.ISO_8859_1);
  }

  /** Returns a word as a number of bytes, or {@link #INVALID}. */
  private int number(int index) {
    long value = 0;
    for (int at = starts[index]; at < ends[index]; at++) {
      int digit = buffer[at] - '0';
      if (digit < 0 || digit > 9) {
        return INVALID;
      }
      value = value * 10 + digit;
      if (value > Integer.MAX_VALUE) {
        return INVALID;
      }
    }
    return (int) value;
  }
}
