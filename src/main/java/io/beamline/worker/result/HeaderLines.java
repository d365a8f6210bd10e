package io.beamline.worker.result;

import io.nats.client.impl.Headers;
import java.util.ArrayList;
import java.util.List;

/**
 * The headers of one message. The client's own have two hash maps each, which is more than the
 * message itself; these are made into them each time that the message is published. Not changed by
 * anybody but who makes them.
 */
final class HeaderLines {

  private static final int USUAL_SIZE = 12;
  private static final int FRAME = "NATS/1.0\r\n\r\n".length();
  private static final int BESIDE_NAME_AND_VALUE = ":\r\n".length();

  /** Names and values in turn. */
  private final List<String> lines = new ArrayList<>(USUAL_SIZE);

  private int serializedLength = FRAME;

  /** Adds a header; its name and its value are ASCII, and the name is a new one. */
  HeaderLines add(String name, String value) {
    lines.add(name);
    lines.add(value);
    serializedLength += name.length() + value.length() + BESIDE_NAME_AND_VALUE;
    return this;
  }

  /** The bytes that the server counts for them. */
  int serializedLength() {
    return serializedLength;
  }

  /** The same as the client wants them. */
  Headers toHeaders() {
    Headers headers = new Headers();
    for (int i = 0; i < lines.size(); i += 2) {
      headers.put(lines.get(i), lines.get(i + 1));
    }
    return headers;
  }
}
