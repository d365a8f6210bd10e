package io.beamline.worker.chart;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.springframework.util.StringUtils;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** The worker's settings that are an operator's, and the values that stand for them. */
final class Settings {

  private static final Set<String> NOT_FOR_OPERATORS =
      Set.of(
          "spring.",
          "togglz.",
          "management.",
          "server.servlet.",
          "server.shutdown",
          "server.tomcat.",
          "logging.",
          // The pod's name: a fleet shares all values.
          "worker.id");

  private static final Set<String> FOR_OPERATORS =
      Set.of("management.server.port", "logging.level.root", "logging.level.io.beamline.worker");

  private Settings() {}

  /** Those of a configuration file with their values; a list and its absence are texts. */
  static Map<String, String> of(String yml) {
    Map<String, String> settings = flat(yml);
    settings
        .keySet()
        .removeIf(
            name ->
                !FOR_OPERATORS.contains(name)
                    && NOT_FOR_OPERATORS.stream().anyMatch(name::startsWith));
    return settings;
  }

  /** All settings of a configuration file with their values. */
  static Map<String, String> flat(String yml) {
    Map<String, String> settings = new TreeMap<>();
    flatten("", Manifests.tree(yml), settings);
    return settings;
  }

  /** The value that stands for a setting, if there is one. */
  static Optional<JsonNode> value(JsonNode values, String setting) {
    JsonNode found = at(values, setting);
    return found.isMissingNode() ? Optional.empty() : Optional.of(found);
  }

  /** As a setting's text; a list has commas. */
  static String text(JsonNode value) {
    if (value.isArray()) {
      return String.join(",", value.values().stream().map(JsonNode::asString).toList());
    }
    if (value.isNumber()) {
      return value.decimalValue().stripTrailingZeros().toPlainString();
    }
    return value.isNull() ? "" : value.asString();
  }

  private static JsonNode at(JsonNode values, String setting) {
    if (setting.startsWith("CP2_")) {
      return values.path("flags").path(setting);
    }
    if (setting.startsWith("logging.level.")) {
      return values.path("logging").path("level").path(setting.substring(14));
    }
    JsonNode node = values;
    for (String word : setting.replace("nats.spring.", "nats.").split("\\.", -1)) {
      node = node.isObject() ? node.path(camelCase(word)) : JsonNodeFactory.instance.missingNode();
    }
    return node;
  }

  private static String camelCase(String words) {
    return StringUtils.uncapitalize(
        String.join("", Stream.of(words.split("-")).map(StringUtils::capitalize).toList()));
  }

  private static void flatten(String prefix, JsonNode node, Map<String, String> settings) {
    if (node.isObject()) {
      node.properties()
          .forEach(
              entry ->
                  flatten(
                      prefix.isEmpty() ? entry.getKey() : prefix + "." + entry.getKey(),
                      entry.getValue(),
                      settings));
    } else {
      settings.put(prefix, text(node));
    }
  }
}
