package io.beamline.worker.support;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.LinkedHashMap;
import java.util.Map;

/** Header blocks that any client may publish and that the NATS client for Java cannot read. */
public final class PoisonedHeaders {

  private PoisonedHeaders() {}

  /** The blocks by what is wrong with them, each with a readable header {@code X-Good: yes}. */
  public static Map<String, byte[]> all() {
    Map<String, byte[]> all = new LinkedHashMap<>();
    all.put("UTF-8 value", block("X-Name: Müller\r\n").getBytes(UTF_8));
    all.put("Latin-1 value", block("X-Name: Müller\r\n").getBytes(ISO_8859_1));
    all.put("UTF-8 name", block("X-Größe: 1\r\n").getBytes(UTF_8));
    all.put("NUL in a name", ascii(block("X-\0: 1\r\n")));
    all.put("NUL in a value", ascii(block("X-Nul: \0\r\n")));
    all.put("blank in a name", ascii(block("X Name: 1\r\n")));
    all.put("blank before a name", ascii(block(" X-Name: 1\r\n")));
    all.put("no name", ascii(block(": 1\r\n")));
    all.put("no colon", ascii(block("nonsense\r\n")));
    all.put("lone LF", ascii(block("X-Name: a\nb\r\n")));
    all.put("lone CR", ascii(block("X-Name: a\rb\r\n")));
    all.put("a status", ascii("NATS/1.0 503\r\nX-Good: yes\r\n\r\n"));
    all.put("a status with text", ascii("NATS/1.0 409 Consumer Deleted\r\nX-Good: yes\r\n\r\n"));
    all.put("a status that is no number", ascii("NATS/1.0 abc\r\nX-Good: yes\r\n\r\n"));
    all.put("junk behind the version", ascii("NATS/1.0X\r\nX-Good: yes\r\n\r\n"));
    all.put("no end", ascii("NATS/1.0\r\nX-Good: yes\r\nX-Name: 1\r\n"));
    all.put("an end in the middle", ascii("NATS/1.0\r\nX-Good: yes\r\n\r\nX-Name: 1\r\n"));
    return all;
  }

  /** Blocks of which nothing can be kept. */
  public static Map<String, byte[]> hopeless() {
    return Map.of(
        "another version", ascii("NATS/9.9\r\nX-Good: yes\r\n\r\n"),
        "no version", ascii("\r\n\r\n"),
        "one byte", ascii("x"),
        "only a status", ascii("NATS/1.0 100 Idle Heartbeat\r\n\r\n"));
  }

  private static String block(String line) {
    return "NATS/1.0\r\n" + line + "X-Good: yes\r\n\r\n";
  }

  private static byte[] ascii(String text) {
    return text.getBytes(ISO_8859_1);
  }
}
