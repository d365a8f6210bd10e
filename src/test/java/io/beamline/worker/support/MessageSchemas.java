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
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The JSON Schemas in the jar, as the worker ships them. Thread-safe. */
public final class MessageSchemas {

  /** Where they are. */
  public static final Path FOLDER = Path.of("src/main/resources/contract");

  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final SchemaRegistry REGISTRY =
      SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);
  private static final Map<String, Schema> SCHEMAS = new ConcurrentHashMap<>();

  private MessageSchemas() {}

  /**
   * What is wrong with a message, or a part of one; empty if nothing is.
   *
   * @param kind such as {@code exec-result}, or {@code blocks/echo.inputs}
   */
  public static List<String> faults(String kind, JsonNode message) {
    return SCHEMAS
        .computeIfAbsent(kind, any -> REGISTRY.getSchema(read(any)))
        .validate(message)
        .stream()
        .map(Error::toString)
        .toList();
  }

  /** The schema of a kind itself. */
  static JsonNode read(String kind) {
    try {
      return JSON.readTree(Files.readString(FOLDER.resolve(kind + ".schema.json")));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
