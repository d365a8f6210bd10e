package io.beamline.worker.chart;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/** The file of the dashboard. */
final class Dashboard {

  private static final Path FILE = Chart.FOLDER.resolve("files/dashboard.json");

  private Dashboard() {}

  /** The whole of it. */
  static JsonNode read() {
    try {
      return Manifests.tree(Files.readString(FILE));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Rows and panels, in the order of reading. */
  static List<JsonNode> panels() {
    return List.copyOf(read().path("panels").values());
  }

  /** Every expression, as Grafana would ask it with nothing chosen. */
  static List<String> expressions() {
    return Stream.concat(
            panels().stream().flatMap(panel -> panel.path("targets").values().stream()),
            read().at("/annotations/list").values().stream())
        .map(target -> target.path("expr").stringValue())
        .map(Dashboard::asAsked)
        .toList();
  }

  private static String asAsked(String expression) {
    return expression
        .replace("$__rate_interval", "5m")
        .replace("$namespace", ".*")
        .replace("$job", ".*")
        .replace("$step_type", ".*");
  }
}
