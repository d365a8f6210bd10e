package io.beamline.worker.parity;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** A recording as a file, one scenario, series or message a line, and as values to compare. */
final class Recording {

  private static final String NAME = "/parity/cp1.json";
  private static final Path FILE = Path.of("src/test/resources", NAME);

  private Recording() {}

  /** The recorded one. */
  static JsonNode read() throws IOException {
    try (InputStream in = Recording.class.getResourceAsStream(NAME)) {
      if (in == null) {
        throw new IllegalStateException(NAME + " is missing");
      }
      return Placeholders.MAPPER.readTree(in);
    }
  }

  static void write(ObjectNode recording) throws IOException {
    Files.createDirectories(FILE.getParent());
    String parts =
        recording.properties().stream()
            .map(part -> quoted(part.getKey()) + ": " + lines(part.getValue()))
            .collect(Collectors.joining(",\n", "{\n", "\n}\n"));
    Files.writeString(FILE, parts);
  }

  /** Every value by where it stands; of the waits only their number. */
  static Map<String, String> values(JsonNode recording) {
    Map<String, String> values = new TreeMap<>();
    collect("", recording, values);
    return values;
  }

  private static void collect(String where, JsonNode node, Map<String, String> values) {
    if (node.isObject()) {
      node.forEachEntry(
          (name, value) -> {
            if (name.equals("waits_ms")) {
              values.put(where + " waits", String.valueOf(value.size()));
            } else {
              collect(where + "/" + name, value, values);
            }
          });
    } else if (node.isArray() && isTexts(node)) {
      node.forEach(text -> values.put(where + "/" + text.stringValue(), "there"));
    } else if (node.isArray()) {
      for (int i = 0; i < node.size(); i++) {
        collect(where + "/" + i, node.path(i), values);
      }
      values.put(where + " size", String.valueOf(node.size()));
    } else {
      values.put(where, node.toString());
    }
  }

  /** A list of texts has no order. */
  private static boolean isTexts(JsonNode array) {
    return !array.isEmpty() && array.valueStream().allMatch(JsonNode::isString);
  }

  private static String lines(JsonNode part) {
    if (part.isObject()) {
      return part.properties().stream()
          .map(each -> quoted(each.getKey()) + ": " + each.getValue())
          .collect(Collectors.joining(",\n", "{\n", "\n}"));
    }
    return StreamSupport.stream(part.spliterator(), false)
        .map(JsonNode::toString)
        .collect(Collectors.joining(",\n", "[\n", "\n]"));
  }

  private static String quoted(String name) {
    return Placeholders.MAPPER.writeValueAsString(name);
  }
}
