package io.beamline.worker.connection;

import java.io.IOException;
import java.util.Arrays;

/**
 * Passes the server's bytes to the client, without headers that the client cannot read (see {@link
 * HeaderBlock}). Payloads pass unchanged. Used by one thread.
 *
 * <p>The server reports the status of a request in the first header line. Another client could
 * forge such a status. So it is kept only in messages of the server. They go to the connection's
 * inbox, and have no reply subject or one for flow control.
 */
final class InboundFrames {

  private static final int INITIAL_BUFFER_BYTES = 64 * 1024;
  private static final int MAX_LINE_BYTES = 1024 * 1024;
  private static final String FLOW_CONTROL = "$JS.FC.";

  private final Source source;
  private final String inboxPrefix;
  private final Runnable onRemoved;
  private final FrameLine frame = new FrameLine();

  /** The received bytes from {@link #start} to {@link #end} that the client has not read yet. */
  private byte[] buffer = new byte[INITIAL_BUFFER_BYTES];

  private int start;

  /** The client may read the bytes before this index; those from it on are not checked yet. */
  private int ready;

  private int end;

  /** Before this index there is no end of the present line. */
  private int searched;

  /** The bytes of the present payload that are not passed on yet, its line break included. */
  private long payloadLeft;

  /** Whether all further bytes pass unchecked, because they are not what a server sends. */
  private boolean passThrough;

  /**
   * Creates a reader for one connection, from its first byte on.
   *
   * @param inboxPrefix the prefix of the subjects on which the server answers this connection
   * @param onRemoved called for each message from which something was removed
   */
  InboundFrames(Source source, String inboxPrefix, Runnable onRemoved) {
    this.source = source;
    this.inboxPrefix = inboxPrefix;
    this.onRemoved = onRemoved;
  }

  /**
   * Reads at least one byte. Blocks until there is one.
   *
   * @return the number of bytes, or -1 at the end
   * @throws IOException when the source fails
   */
  int read(byte[] target, int offset, int length) throws IOException {
    while (ready == start) {
      if (start == end && payloadLeft > 0) {
        return readPayload(target, offset, length);
      }
      compactOrGrow();
      int count = source.read(buffer, end, buffer.length - end);
      if (count <= 0) {
        return count;
      }
      end += count;
      advance();
    }
    int count = Math.min(length, ready - start);
    System.arraycopy(buffer, start, target, offset, count);
    start += count;
    return count;
  }

  /** Reads directly into the target, so that large payloads are not copied. */
  private int readPayload(byte[] target, int offset, int length) throws IOException {
    int count = source.read(target, offset, (int) Math.min(length, payloadLeft));
    payloadLeft -= Math.max(0, count);
    return count;
  }

  private void compactOrGrow() {
    if (start > 0) {
      System.arraycopy(buffer, start, buffer, 0, end - start);
      ready -= start;
      searched = Math.max(0, searched - start);
      end -= start;
      start = 0;
    }
    if (end == buffer.length) {
      buffer = Arrays.copyOf(buffer, 2 * buffer.length);
    }
  }

  /** Moves {@code ready} over all received bytes that the client may read now. */
  private void advance() {
    while (ready < end) {
      if (passThrough) {
        ready = end;
      } else if (payloadLeft > 0) {
        int count = (int) Math.min(payloadLeft, end - ready);
        ready += count;
        payloadLeft -= count;
      } else if (!takeLine()) {
        return;
      }
    }
  }

  /** Handles the next line. Returns false when more bytes must be received first. */
  private boolean takeLine() {
    int lineEnd = lineEnd();
    if (lineEnd < 0) {
      passThrough = end - ready > MAX_LINE_BYTES;
      return passThrough;
    }
    boolean hasHeaders = startsWith("HMSG ");
    if (!hasHeaders && !startsWith("MSG ")) {
      ready = lineEnd;
      return true;
    }
    if (!frame.read(buffer, ready, lineEnd - 2, hasHeaders)) {
      passThrough = true;
      return true;
    }
    if (end - lineEnd < frame.headerLength()) {
      return false;
    }
    payloadLeft = frame.payloadLength() + 2L;
    if (hasHeaders) {
      repair(lineEnd);
    } else {
      ready = lineEnd;
    }
    return true;
  }

  /** Returns the index after the line's end, or -1 when the end has not arrived yet. */
  private int lineEnd() {
    for (int i = Math.max(ready, searched); i < end - 1; i++) {
      if (buffer[i] == '\r' && buffer[i + 1] == '\n') {
        return i + 2;
      }
    }
    searched = Math.max(ready, end - 1);
    return -1;
  }

  private boolean startsWith(String operation) {
    for (int i = 0; i < operation.length(); i++) {
      if (ready + i >= end || buffer[ready + i] != operation.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  /** Replaces the first line and the headers of a message that the client could not read. */
  private void repair(int headersAt) {
    int payloadAt = headersAt + frame.headerLength();
    if (!HeaderBlock.isReadable(buffer, headersAt, payloadAt, false)
        && !HeaderBlock.isReadable(buffer, headersAt, payloadAt, mayHoldStatus())) {
      byte[] headers = HeaderBlock.readablePart(buffer, headersAt, payloadAt);
      byte[] line = frame.withHeaderLength(headers.length);
      int lineAt = payloadAt - headers.length - line.length;
      int removed = lineAt - ready;
      System.arraycopy(headers, 0, buffer, payloadAt - headers.length, headers.length);
      System.arraycopy(line, 0, buffer, lineAt, line.length);
      System.arraycopy(buffer, start, buffer, start + removed, ready - start);
      start += removed;
      onRemoved.run();
    }
    ready = payloadAt;
  }

  private boolean mayHoldStatus() {
    String replyTo = frame.replyTo();
    return frame.subject().startsWith(inboxPrefix)
        && (replyTo == null || replyTo.startsWith(FLOW_CONTROL));
  }

  /** The source of the bytes, such as a socket. */
  interface Source {

    /** Reads some bytes, as {@link java.io.InputStream#read(byte[], int, int)} does. */
    int read(byte[] target, int offset, int length) throws IOException;
  }
}
