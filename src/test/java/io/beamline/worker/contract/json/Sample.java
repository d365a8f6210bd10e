package io.beamline.worker.contract.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.util.RawValue;

/** A valid assignment to change, a decoder for it, and the samples of the contract. */
final class Sample {

  static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
  static final String RUN = "0b0e6f0e-6a1f-4a5e-9d62-2f6f1c2b7a11";
  static final String FLOW = "7d9f6b1a-3c5e-4f0a-8b7e-9a1b2c3d4e5f";
  static final String STEP = "c1a2b3d4-e5f6-4a7b-8c9d-0e1f2a3b4c5d";

  private static final JsonMapper MAPPER = JsonMapper.builder().build();
  private static final Set<String> TYPES =
      Set.of("echo", "http.request", "fs.blob_put", "fs.blob_get");
  private static final AssignmentDecoder DECODER = new AssignmentDecoder(TYPES::contains);
  private static final String MINIMAL =
      """
      {"version":"1","assignment_id":"a-1","request_id":"r-1","tenant_id":"tenant-a",
       "executor":{"provider_id":"p"},"job":{"type":"echo"}}""";

  private Sample() {}

  /** An assignment that has what is required and nothing else. */
  static ObjectNode minimal() {
    return (ObjectNode) MAPPER.readTree(MINIMAL);
  }

  /**
   * The minimal assignment with one field replaced.
   *
   * @param path names, separated by dots
   * @param value JSON, or null for a field that is removed
   */
  static byte[] with(String path, @Nullable String value) {
    ObjectNode json = minimal();
    put(json, path, value);
    return bytes(json);
  }

  static void put(ObjectNode json, String path, @Nullable String value) {
    ObjectNode parent = json;
    String[] names = path.split("\\.", -1);
    for (int i = 0; i < names.length - 1; i++) {
      parent = parent.withObject(names[i]);
    }
    String last = names[names.length - 1];
    if (value == null) {
      parent.remove(last);
    } else {
      parent.putRawValue(last, new RawValue(value));
    }
  }

  static byte[] bytes(ObjectNode json) {
    return json.toString().getBytes(UTF_8);
  }

  /** A JSON string that holds the text; unpaired surrogates are escaped. */
  static String quoted(String text) {
    StringBuilder json = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      json.append(c < ' ' || c == '"' || c == '\\' || c > '~' ? "\\u%04x".formatted((int) c) : c);
    }
    return json.append('"').toString();
  }

  static Decoded decode(byte[] message) {
    return DECODER.decode(message);
  }

  static Decoded decode(String message) {
    return decode(message.getBytes(UTF_8));
  }

  static Decoded.Valid valid(byte[] message) {
    return decodeAs(Decoded.Valid.class, message);
  }

  static Decoded.Rejected rejected(byte[] message) {
    return decodeAs(Decoded.Rejected.class, message);
  }

  static Decoded.Malformed malformed(byte[] message) {
    return decodeAs(Decoded.Malformed.class, message);
  }

  /** One of the contract's samples. */
  static byte[] file(String name) {
    try (InputStream in = Sample.class.getResourceAsStream("/samples/" + name)) {
      if (in == null) {
        throw new AssertionError("there is no sample " + name);
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static JsonNode json(byte[] message) {
    return MAPPER.readTree(message);
  }

  private static <T extends Decoded> T decodeAs(Class<T> expected, byte[] message) {
    Decoded decoded = decode(message);
    assertThat(decoded).isInstanceOf(expected);
    return expected.cast(decoded);
  }
}
