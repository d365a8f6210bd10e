package io.beamline.worker.support;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/** The JSON Schemas of the blocks' inputs and outputs, as the worker ships them. */
public final class BlockSchemas {

  private static final Path FOLDER = MessageSchemas.FOLDER.resolve("blocks");

  private BlockSchemas() {}

  /** The types that have schemas. */
  public static Set<String> types() {
    try (Stream<Path> files = Files.list(FOLDER)) {
      return files
          .map(file -> file.getFileName().toString())
          .map(name -> name.replaceAll("\\.(inputs|outputs)\\.schema\\.json$", ""))
          .collect(Collectors.toCollection(TreeSet::new));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The names of the inputs or outputs of a type. */
  public static Set<String> names(String type, String kind) {
    JsonNode schema = MessageSchemas.read(name(type, kind));
    return new TreeSet<>(schema.path("properties").propertyNames());
  }

  /** What is wrong with inputs or outputs; empty if nothing is. */
  public static List<String> faults(String type, String kind, JsonNode value) {
    return MessageSchemas.faults(name(type, kind), value);
  }

  private static String name(String type, String kind) {
    return FOLDER.getFileName() + "/" + type + "." + kind;
  }
}
