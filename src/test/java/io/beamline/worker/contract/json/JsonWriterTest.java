package io.beamline.worker.contract.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.beamline.worker.contract.RawJson;
import io.beamline.worker.support.RandomCases;
import io.beamline.worker.support.RandomValues;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/** Compared with what Jackson writes, byte by byte. */
class JsonWriterTest {

  private static final JsonMapper JACKSON = JsonMapper.shared();

  @RandomCases(500)
  void writesAnyValueAsJacksonDoes(RandomValues random) {
    Map<String, @Nullable Object> object = new LinkedHashMap<>();
    int fields = random.between(0, 6);
    for (int i = 0; i < fields; i++) {
      object.put(i + random.text(0, 12, '\0', '\u3000'), value(random, 3));
    }

    String written = text(json -> object.forEach(json::value));

    assertThat(written).isEqualTo(JACKSON.writeValueAsString(object));
  }

  @Test
  void writesNumbersAsJacksonDoes() {
    Map<String, Object> numbers = new LinkedHashMap<>();
    numbers.put("int", Integer.MIN_VALUE);
    numbers.put("long", Long.MIN_VALUE);
    numbers.put("zero", -0.0);
    numbers.put("small", Double.MIN_VALUE);
    numbers.put("large", 1e300);
    numbers.put("plain", 0.1);
    numbers.put("none", Double.NaN);
    numbers.put("infinite", Double.NEGATIVE_INFINITY);

    assertThat(text(json -> numbers.forEach(json::value)))
        .isEqualTo(JACKSON.writeValueAsString(numbers));
  }

  @Test
  void writesEachKindOfField() {
    assertThat(
            text(
                json ->
                    json.text("a", "b")
                        .text("absent", null)
                        .number("n", -5)
                        .number("f", 1.5)
                        .optional("o", 7)
                        .optional("absent", null)
                        .flag("t", true)
                        .raw("r", new RawJson("[1, 2]"))
                        .object("empty", nothing -> {})
                        .object("x", inner -> inner.text("y", "z").object("e", nothing -> {}))
                        .objects("l", List.of(1, 2), (each, i) -> each.number("i", i))
                        .objects("none", List.<Integer>of(), (each, i) -> each.number("i", i))
                        .flag("last", false)))
        .isEqualTo(
            "{\"a\":\"b\",\"n\":-5,\"f\":1.5,\"o\":7,\"t\":true,\"r\":[1, 2],\"empty\":{},"
                + "\"x\":{\"y\":\"z\",\"e\":{}},\"l\":[{\"i\":1},{\"i\":2}],\"none\":[],"
                + "\"last\":false}");
  }

  @Test
  void replacesWhatIsNoCharacter() {
    assertThat(text(json -> json.value("a\ud800", "\udc00b\ud83d\ude00")))
        .isEqualTo("{\"a\ufffd\":\"\ufffdb\ud83d\ude00\"}");
  }

  @Test
  void endsBeforeTheStackDoes() {
    assertThat(text(json -> json.value("v", nested(JsonWriter.MAX_DEPTH - 1)))).endsWith("]}");
    assertThatThrownBy(() -> text(json -> json.value("v", nested(JsonWriter.MAX_DEPTH))))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("deeper than");
  }

  private static List<Object> nested(int depth) {
    List<Object> list = new ArrayList<>();
    for (int i = 1; i < depth; i++) {
      list = new ArrayList<>(List.of(list));
    }
    return list;
  }

  private static @Nullable Object value(RandomValues random, int deeper) {
    return switch (random.nextInt(deeper > 0 ? 9 : 7)) {
      case 0 -> null;
      case 1 -> random.text(0, 40, ' ', '\u007f');
      case 2 -> random.text(0, 40, '\0', '\u3000');
      case 3 -> random.nextInt(2) == 0;
      case 4 -> random.between(-1000, 1000);
      case 5 -> 1000L * random.between(-1_000_000, 1_000_000) * 1_000_000;
      case 6 -> random.between(-1000, 1000) / 64.0;
      case 7 -> random.list(0, 4, () -> String.valueOf(value(random, 0)));
      default -> {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        int fields = random.between(0, 4);
        for (int i = 0; i < fields; i++) {
          map.put("k" + i, value(random, deeper - 1));
        }
        yield map;
      }
    };
  }

  private static String text(Consumer<JsonWriter> body) {
    return new String(JsonWriter.object(body), UTF_8);
  }
}
