package io.beamline.worker.result;

import io.nats.client.impl.Headers;
import java.util.ArrayList;
import java.util.List;

/**
 * The headers of one message, in little memory. The client's {@link Headers} take more memory than
 * the message itself, so they are made anew for each publication. Not thread-safe while headers are
 * added; unchanged after that.
 */
final class HeaderLines {

  private static final int USUAL_SIZE = 12;
  private static final int FRAME = "NATS/1.0\r\n\r\n".length();
  private static final int SEPARATORS = ":\r\n".length();

  /** Names and values alternate. */
  private final List<String> lines = new ArrayList<>(USUAL_SIZE);

  private int serializedLength = FRAME;

  /** Adds a header. Name and value must be ASCII, and the name must not be there yet. */
  HeaderLines add(String name, String value) {
    lines.add(name);
    lines.add(value);
    serializedLength += name.length() + value.length() + SEPARATORS;
    return this;
  }

  /** Returns the size that the server counts for the headers, in bytes. */
  int serializedLength() {
    return serializedLength;
  }

  /** Returns the headers in the client's form. */
  Headers toHeaders() {
    Headers headers = new Headers();
    for (int i = 0; i < lines.size(); i += 2) {
      headers.put(lines.get(i), lines.get(i + 1));
    }
    return headers;
  }
}
