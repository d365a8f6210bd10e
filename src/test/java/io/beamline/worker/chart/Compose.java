package io.beamline.worker.chart;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/** The file of Compose. */
final class Compose {

  /** The folder to which its relative paths belong. */
  static final Path FOLDER = Path.of("src", "compose").toAbsolutePath();

  private Compose() {}

  /** The whole of it. */
  static JsonNode read() {
    return read("compose.yaml");
  }

  /** A file beside it. */
  static JsonNode read(String file) {
    try {
      return Manifests.tree(Files.readString(FOLDER.resolve(file)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A service. */
  static JsonNode service(String name) {
    return read().path("services").path(name);
  }

  /** What services mount: volumes and files. */
  static List<Mount> mounts() {
    return read().path("services").values().stream().flatMap(Compose::mounts).toList();
  }

  private static Stream<Mount> mounts(JsonNode service) {
    return service.path("volumes").values().stream()
        .map(JsonNode::stringValue)
        .map(text -> text.split(":", -1))
        .map(parts -> new Mount(parts[0], parts[1], parts.length > 2 ? parts[2] : ""));
  }

  /**
   * What a container sees at a path.
   *
   * @param source a path that begins with a dot, or the name of a volume
   * @param target the path in the container
   * @param mode {@code ro}, or empty
   */
  record Mount(String source, String target, String mode) {

    boolean isFile() {
      return source.startsWith(".");
    }

    /** The file of this repository. */
    Path file() {
      return FOLDER.resolve(source).normalize();
    }
  }
}
