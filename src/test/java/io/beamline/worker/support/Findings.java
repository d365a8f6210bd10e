package io.beamline.worker.support;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;

/** Collects what is wrong with one JSON object, field by field. Not thread-safe. */
final class Findings {

  /** 2017: no message is older, and seconds taken for milliseconds are found. */
  private static final long EARLIEST_EPOCH_MILLIS = 1_500_000_000_000L;

  private static final long LATEST_EPOCH_MILLIS = 4_000_000_000_000L;

  private final List<String> list = new ArrayList<>();

  /** Notes a violation unless the condition holds. */
  void check(boolean holds, String violation) {
    if (!holds) {
      list.add(violation);
    }
  }

  /** The violations so far. */
  List<String> list() {
    return List.copyOf(list);
  }

  void require(JsonNode object, String field, Predicate<JsonNode> rule, String expected) {
    JsonNode value = object.path(field);
    if (value.isMissingNode()) {
      list.add(field + " is missing: expected " + expected);
    } else {
      optional(object, field, rule, expected);
    }
  }

  void optional(JsonNode object, String field, Predicate<JsonNode> rule, String expected) {
    JsonNode value = object.path(field);
    if (!value.isMissingNode() && !rule.test(value)) {
      list.add(field + " is " + shown(value) + ": expected " + expected);
    }
  }

  void absent(JsonNode object, String reason, String... fields) {
    for (String field : fields) {
      check(!object.has(field), field + " must be absent: " + reason);
    }
  }

  void onlyFields(JsonNode object, String where, Set<String> known) {
    for (String field : object.propertyNames()) {
      check(known.contains(field), where + " has the unknown field " + field);
    }
  }

  static boolean text(JsonNode value) {
    return value.isString() && !value.stringValue().isEmpty();
  }

  /** 1 to 128 printable ASCII characters. */
  static boolean id(JsonNode value) {
    return text(value)
        && value.stringValue().length() <= 128
        && WireText.printable(value.stringValue());
  }

  /** 1 to 1024 bytes of UTF-8. */
  static boolean requestId(JsonNode value) {
    return text(value) && value.stringValue().getBytes(StandardCharsets.UTF_8).length <= 1024;
  }

  static boolean count(JsonNode value) {
    return value.isIntegralNumber() && value.canConvertToLong() && value.longValue() >= 0;
  }

  static boolean epochMillis(JsonNode value) {
    return count(value)
        && value.longValue() >= EARLIEST_EPOCH_MILLIS
        && value.longValue() <= LATEST_EPOCH_MILLIS;
  }

  static Predicate<JsonNode> oneOf(Set<String> values) {
    return value -> value.isString() && values.contains(value.stringValue());
  }

  private static String shown(JsonNode value) {
    String json = value.toString();
    return json.length() <= 80 ? json : json.substring(0, 80) + "…";
  }
}
