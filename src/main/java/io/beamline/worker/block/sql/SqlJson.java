package io.beamline.worker.block.sql;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.beamline.worker.contract.RawJson;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;

/** Reads and writes the JSON of values. Thread-safe. */
final class SqlJson {

  /**
   * A message may have 64 levels, and a value is below the message, the result, its rows and one
   * row.
   */
  private static final int MAX_DEPTH = 60;

  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(MAX_DEPTH)
                  .maxNumberLength(Integer.MAX_VALUE)
                  .maxNameLength(Integer.MAX_VALUE)
                  .maxStringLength(Integer.MAX_VALUE)
                  .build())
          .build();

  private SqlJson() {}

  static JsonGenerator writer(OutputStream out) {
    return FACTORY.createGenerator(ObjectWriteContext.empty(), out);
  }

  static JsonParser reader(RawJson json) {
    ByteBuffer bytes = json.utf8().bytes();
    return FACTORY.createParser(
        ObjectReadContext.empty(), bytes.array(), bytes.arrayOffset(), bytes.remaining());
  }

  /** Returns whether a text is one JSON value, not nested too deep. */
  static boolean isValid(String text) {
    try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), text)) {
      if (parser.nextToken() == null) {
        return false;
      }
      parser.skipChildren();
      parser.finishToken();
      return parser.nextToken() == null;
    } catch (JacksonException e) {
      return false;
    }
  }

  /** Writes a string. An unpaired surrogate becomes a question mark: UTF-8 has no form for it. */
  static void text(JsonGenerator json, String text) {
    boolean plain = text.chars().noneMatch(c -> Character.isSurrogate((char) c));
    json.writeString(plain ? text : new String(text.getBytes(UTF_8), UTF_8));
  }
}
