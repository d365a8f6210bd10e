package io.beamline.worker.support;

import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
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
import tools.jackson.databind.json.JsonMapper;

/** The JSON Schemas of the blocks' inputs and outputs, as the worker ships them. */
public final class BlockSchemas {

  private static final Path FOLDER = Path.of("src/main/resources/contract/blocks");
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final SchemaRegistry REGISTRY =
      SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);

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
    return new TreeSet<>(schema(type, kind).path("properties").propertyNames());
  }

  /** What is wrong with inputs or outputs; empty if nothing is. */
  public static List<String> faults(String type, String kind, JsonNode value) {
    Schema schema = REGISTRY.getSchema(schema(type, kind));
    return schema.validate(value).stream().map(Error::toString).toList();
  }

  private static JsonNode schema(String type, String kind) {
    try {
      return JSON.readTree(Files.readString(FOLDER.resolve(type + "." + kind + ".schema.json")));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
