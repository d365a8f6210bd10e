package io.beamline.worker.result;

import io.nats.client.impl.Headers;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The headers of one message, as the bytes that the server gets. The client's {@link Headers} take
 * more memory than the message itself, and making them costs more than writing their bytes. Not
 * thread-safe while headers are added; unchanged after that.
 */
final class HeaderLines {

  private static final byte[] BEGINNING = "NATS/1.0\r\n".getBytes(StandardCharsets.US_ASCII);
  private static final int USUAL_BYTES = 256;
  private static final int SEPARATORS = ":\r\n".length();
  private static final int END = "\r\n".length();

  private byte[] bytes;
  private int length;

  /** Creates headers without a line. */
  HeaderLines() {
    bytes = Arrays.copyOf(BEGINNING, USUAL_BYTES);
    length = BEGINNING.length;
  }

  /**
   * Adds a header. Name and value must be ASCII without line breaks, and the name must not be there
   * yet.
   */
  HeaderLines add(String name, String value) {
    int needed = length + name.length() + value.length() + SEPARATORS + END;
    if (needed > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(needed, 2 * bytes.length));
    }
    append(name);
    bytes[length++] = ':';
    append(value);
    bytes[length++] = '\r';
    bytes[length++] = '\n';
    return this;
  }

  /** The deprecated method takes the low byte of each character, which is all of an ASCII one. */
  @SuppressWarnings("deprecation")
  private void append(String ascii) {
    ascii.getBytes(0, ascii.length(), bytes, length);
    length += ascii.length();
  }

  /** Returns the size that the server counts for the headers, in bytes. */
  int serializedLength() {
    return length + END;
  }

  /** Returns the headers in the client's form, which can only be sent. */
  Headers toHeaders() {
    return new Written(bytes, length);
  }

  /** Headers that are written already. The client asks them only for their length and bytes. */
  private static final class Written extends Headers {

    private final byte[] bytes;
    private final int length;

    Written(byte[] bytes, int length) {
      super(null, true);
      this.bytes = bytes;
      this.length = length;
    }

    @Override
    public boolean isEmpty() {
      return length == BEGINNING.length;
    }

    @Override
    public int serializedLength() {
      return length + END;
    }

    @Override
    public int serializeToArray(int position, byte[] target) {
      System.arraycopy(bytes, 0, target, position, length);
      target[position + length] = '\r';
      target[position + length + 1] = '\n';
      return length + END;
    }

    @Override
    public byte[] getSerialized() {
      byte[] all = new byte[serializedLength()];
      serializeToArray(0, all);
      return all;
    }
  }
}
