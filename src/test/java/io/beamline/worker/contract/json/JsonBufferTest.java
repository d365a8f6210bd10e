package io.beamline.worker.contract.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.beamline.worker.contract.RawJson;
import io.beamline.worker.contract.Utf8Text;
import io.beamline.worker.support.RandomCases;
import io.beamline.worker.support.RandomValues;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/** Compared with what Jackson writes byte by byte. */
class JsonBufferTest {

  private static final JsonFactory JACKSON = new JsonFactory();

  @RandomCases(300)
  void writesTextsOfAnySizeAsJacksonDoes(RandomValues random) {
    List<String> texts = random.list(0, 5, () -> text(random));

    byte[] written = JsonWriter.object(json -> json.value("texts", utf8(texts)));

    assertThat(new String(written, UTF_8)).isEqualTo(new String(byJackson(texts), UTF_8));
  }

  @Test
  void escapesEveryCharacterOfALargeTextAsJacksonDoes() {
    StringBuilder all = new StringBuilder();
    for (int c = 0; c < 0x900; c++) {
      all.append((char) c);
    }
    List<String> texts = List.of(all.append("\uD83D\uDE00").toString());

    byte[] written = JsonWriter.object(json -> json.value("texts", utf8(texts)));

    assertThat(new String(written, UTF_8)).isEqualTo(new String(byJackson(texts), UTF_8));
  }

  @Test
  void keepsTheOrderOfLargeAndSmallParts() {
    String large = "y".repeat(JsonBuffer.LARGE);
    String small = "y".repeat(JsonBuffer.LARGE - 1);
    Map<String, Object> outputs = new LinkedHashMap<>();
    outputs.put("a", new RawJson("[\"" + large + "\"]"));
    outputs.put("b", List.of(text(large), text(large + "\n"), text(small)));
    outputs.put("c", Map.of("d", text(large), "e", new RawJson("\"" + small + "\"")));
    outputs.put("f", 1);

    byte[] written =
        JsonWriter.object(json -> json.value("r", outputs).number("n", 5).text("t", "x"));

    String nested = new String(written, UTF_8);
    assertThat(nested)
        .startsWith(
            "{\"r\":{\"a\":[\"L\"],\"b\":[\"L\",\"L\\n\",\"S\"],\"c\":{"
                .replace("L", large)
                .replace("S", small))
        .contains("\"d\":\"" + large + "\"")
        .contains("\"e\":\"" + small + "\"")
        .endsWith("},\"f\":1},\"n\":5,\"t\":\"x\"}");
  }

  @Test
  void growsWithWhatItGets() {
    JsonBuffer buffer = new JsonBuffer();
    ByteArrayOutputStream expected = new ByteArrayOutputStream();
    String text = "0123456789".repeat(300);
    for (int i = 0; i < text.length(); i += 7) {
      buffer.add(text.charAt(i));
      buffer.addAscii(text.substring(i));
      assertThat(buffer.addIfPlain(text.substring(i))).isTrue();
      assertThat(buffer.addIfPlain(text.substring(i) + "\u00e9")).isFalse();
      expected.writeBytes(
          (text.charAt(i) + text.substring(i) + '"' + text.substring(i) + '"').getBytes(UTF_8));
    }
    assertThat(Arrays.equals(buffer.toByteArray(), expected.toByteArray())).isTrue();
  }

  /** In UTF-8 half a surrogate pair has the length of a character of ASCII. */
  @Test
  void takesOnlyPlainTextAsPlain() {
    for (String plain : List.of("", "a", "1b2c/..~", " ".repeat(300))) {
      JsonBuffer buffer = new JsonBuffer();
      assertThat(buffer.addIfPlain(plain)).isTrue();
      assertThat(new String(buffer.toByteArray(), UTF_8)).isEqualTo('"' + plain + '"');
    }
    for (String other : List.of("\uD800", "\uDC00x", "a\"", "\\", "\n", "\u00e9", "\uD83D\uDE00")) {
      JsonBuffer buffer = new JsonBuffer();
      assertThat(buffer.addIfPlain(other)).isFalse();
      assertThat(buffer.toByteArray()).isEmpty();
    }
  }

  private static String text(RandomValues random) {
    String any = random.text(0, 700, '\0', '\u3000');
    return random.nextInt(3) == 0 ? any : "x".repeat(random.between(0, 900)) + any;
  }

  private static Utf8Text text(String text) {
    byte[] bytes = text.getBytes(UTF_8);
    return new Utf8Text(bytes, 0, bytes.length);
  }

  private static List<Utf8Text> utf8(List<String> texts) {
    return texts.stream().map(JsonBufferTest::text).toList();
  }

  private static byte[] byJackson(List<String> texts) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (JsonGenerator json = JACKSON.createGenerator(ObjectWriteContext.empty(), out)) {
      json.writeStartObject();
      json.writeArrayPropertyStart("texts");
      texts.forEach(json::writeString);
      json.writeEndArray();
      json.writeEndObject();
    }
    return out.toByteArray();
  }
}
