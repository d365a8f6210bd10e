package io.beamline.worker.support;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A request as it arrived on the wire.
 *
 * @param method its method
 * @param target its request target: path and query
 * @param headers the values of each header, found by any case of its name
 * @param octets its body, each byte as the character of that number
 */
public record ReceivedRequest(
    String method, String target, Map<String, List<String>> headers, String octets) {

  /** The body, read as UTF-8. */
  public String body() {
    return body(StandardCharsets.UTF_8);
  }

  /** The body, read in a charset. */
  public String body(Charset charset) {
    return new String(octets.getBytes(StandardCharsets.ISO_8859_1), charset);
  }

  /** The only value of a header, null when there is none. */
  public @Nullable String header(String name) {
    List<String> values = headers.getOrDefault(name, List.of());
    if (values.size() > 1) {
      throw new IllegalStateException("More than one " + name);
    }
    return values.isEmpty() ? null : values.getFirst();
  }

  /** Reads the next request, null at the end of the stream. */
  static @Nullable ReceivedRequest read(InputStream in) throws IOException {
    String start = line(in);
    if (start == null || start.isEmpty()) {
      return null;
    }
    Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    for (String line = line(in); line != null && !line.isEmpty(); line = line(in)) {
      int colon = line.indexOf(':');
      headers
          .computeIfAbsent(line.substring(0, colon), name -> new ArrayList<>())
          .add(line.substring(colon + 1).strip());
    }
    int length = Integer.parseInt(headers.getOrDefault("Content-Length", List.of("0")).getFirst());
    String octets = new String(in.readNBytes(length), StandardCharsets.ISO_8859_1);
    String[] words = start.split(" ", 3);
    return new ReceivedRequest(words[0], words[1], headers, octets);
  }

  private static @Nullable String line(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = in.read(); c != '\n'; c = in.read()) {
      if (c < 0) {
        return null;
      }
      line.append((char) c);
    }
    return line.toString().strip();
  }
}
