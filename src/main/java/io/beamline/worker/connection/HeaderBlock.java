package io.beamline.worker.connection;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Checks and repairs the headers of a received message, as bytes. Other clients may publish headers
 * that this worker's NATS client cannot parse. The client would then close its connection, and the
 * server would deliver the message to the next worker, which fails too. So unreadable lines are
 * removed before the client sees them.
 *
 * <p>A line is readable when it has a name of visible ASCII characters, a colon, and a value of
 * ASCII characters without line breaks. Pure.
 */
final class HeaderBlock {

  private static final byte[] VERSION = "NATS/1.0".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] VERSION_LINE = "NATS/1.0\r\n".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] NONE = {};
  private static final int LINE_BREAK = 2;

  private HeaderBlock() {}

  /**
   * Returns whether the client can read a block as it is.
   *
   * @param buffer holds the block from index {@code from}, inclusive, to {@code to}, exclusive
   * @param statusAllowed whether the first line may hold a status of the server
   */
  static boolean isReadable(byte[] buffer, int from, int to, boolean statusAllowed) {
    if (!startsWithVersion(buffer, from, to)) {
      return false;
    }
    int line = from + VERSION.length;
    if (statusAllowed && line < to && buffer[line] == ' ') {
      return true;
    }
    if (lineEnd(buffer, line, to) != line) {
      return false;
    }
    for (line += LINE_BREAK; line < to; ) {
      int end = lineEnd(buffer, line, to);
      if (end == line) {
        return end + LINE_BREAK == to;
      }
      if (end < 0 || !isReadableLine(buffer, line, end)) {
        return false;
      }
      line = end + LINE_BREAK;
    }
    return false;
  }

  /**
   * Returns the block without a status and without unreadable or unfinished lines. The result is
   * never longer than the block. It is empty when nothing is left.
   *
   * @param buffer holds the block from index {@code from}, inclusive, to {@code to}, exclusive
   */
  static byte[] readablePart(byte[] buffer, int from, int to) {
    if (!startsWithVersion(buffer, from, to)) {
      return NONE;
    }
    ByteArrayOutputStream kept = new ByteArrayOutputStream(to - from);
    kept.writeBytes(VERSION_LINE);
    int first = lineEnd(buffer, from, to);
    int line = first < 0 ? to : first + LINE_BREAK;
    for (int end = lineEnd(buffer, line, to); end > line; end = lineEnd(buffer, line, to)) {
      int next = end + LINE_BREAK;
      boolean leavesRoomForTheEnd = kept.size() + next - line + LINE_BREAK <= to - from;
      if (leavesRoomForTheEnd && isReadableLine(buffer, line, end)) {
        kept.write(buffer, line, next - line);
      }
      line = next;
    }
    if (kept.size() == VERSION_LINE.length) {
      return NONE;
    }
    kept.write('\r');
    kept.write('\n');
    return kept.toByteArray();
  }

  private static boolean startsWithVersion(byte[] buffer, int from, int to) {
    int end = from + VERSION.length;
    return end <= to && Arrays.equals(buffer, from, end, VERSION, 0, VERSION.length);
  }

  /** Returns the index of the next CR LF, or -1 when there is none. */
  private static int lineEnd(byte[] buffer, int from, int to) {
    for (int i = from; i < to - 1; i++) {
      if (buffer[i] == '\r' && buffer[i + 1] == '\n') {
        return i;
      }
    }
    return -1;
  }

  private static boolean isReadableLine(byte[] buffer, int from, int to) {
    int at = from;
    while (at < to && buffer[at] > ' ' && buffer[at] < 0x7f && buffer[at] != ':') {
      at++;
    }
    if (at == from || at == to || buffer[at] != ':') {
      return false;
    }
    for (at++; at < to; at++) {
      if (buffer[at] < 0 || buffer[at] == '\r' || buffer[at] == '\n') {
        return false;
      }
    }
    return true;
  }
}
