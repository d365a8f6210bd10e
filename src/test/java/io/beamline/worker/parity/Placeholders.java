package io.beamline.worker.parity;

import java.util.Locale;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Replaces what differs from run to run: times, durations, loads, and texts such as ports. */
record Placeholders(Map<String, String> texts) {

  static final JsonMapper MAPPER = JsonMapper.builder().build();

  private static final Set<String> CHANGING =
      Set.of(
          "acknowledged_at",
          "timestamp",
          "created",
          "modified",
          "latency_ms",
          "elapsed_ms",
          "cpu",
          "mem_bytes",
          "jobs_in_flight");

  /** The same with the placeholders in it; a changing value keeps its type. */
  JsonNode in(JsonNode node) {
    return switch (node) {
      case ObjectNode object -> in(object);
      case ArrayNode array -> in(array);
      default ->
          node.isString() ? MAPPER.getNodeFactory().stringNode(in(node.stringValue())) : node;
    };
  }

  String in(String text) {
    String result = text;
    for (Map.Entry<String, String> each : texts.entrySet()) {
      result = result.replace(each.getKey(), each.getValue());
    }
    return result;
  }

  private ObjectNode in(ObjectNode object) {
    ObjectNode result = MAPPER.createObjectNode();
    object.forEachEntry(
        (name, value) -> {
          if (changes(object, name) && value.isValueNode()) {
            result.put(name, "<" + value.getNodeType().name().toLowerCase(Locale.ROOT) + ">");
          } else {
            result.set(name, in(value));
          }
        });
    return result;
  }

  /** The size of a whole message, which says its limit too, depends on its times. */
  private static boolean changes(ObjectNode object, String name) {
    return CHANGING.contains(name) || (name.equals("size") && object.has("max_size"));
  }

  private ArrayNode in(ArrayNode array) {
    ArrayNode result = MAPPER.createArrayNode();
    array.forEach(value -> result.add(in(value)));
    return result;
  }
}
