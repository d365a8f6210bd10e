package io.beamline.worker.contract.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.beamline.worker.contract.RawJson;
import io.beamline.worker.contract.Utf8Text;
import io.beamline.worker.contract.json.JsonFields.Field;
import io.beamline.worker.support.RandomCases;
import io.beamline.worker.support.RandomValues;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** Long strings with escapes, compared with what Jackson reads. */
class JsonUnescapeTest {

  private static final String LONG = "x".repeat(300);

  private static final List<String> PIECES =
      List.of(
          "x",
          "é",
          "\uD83D\uDE00",
          "\\n",
          "\\t",
          "\\b",
          "\\f",
          "\\r",
          "\\\"",
          "\\\\",
          "\\/",
          "\\u0000",
          "\\u007f",
          "\\u0080",
          "\\u07FF",
          "\\u0800",
          "\\uffff",
          "\\uD83D\\uDE00",
          "\\udbff\\udfff",
          "\\ud800\\udc00");

  private static final List<String> HALVES =
      List.of("\\uD800", "\\udfff", "\\uD800\\uD800", "\\uDC00\\uD800", "\\ud800\\n", "\\ud800x");

  @RandomCases(500)
  void readsWhatJacksonReads(RandomValues random) {
    String inside = inside(random);
    assertReads(inside, Utf8Text.of(byJackson(inside)));
  }

  @RandomCases(300)
  void halfASurrogatePairHasNoBytes(RandomValues random) {
    String inside = inside(random) + random.oneOf(HALVES) + inside(random);
    assertReads(inside, null);
  }

  @ParameterizedTest
  @ValueSource(strings = {"\\ud83d\\ude0", "\\ud83d\\", "\\x", "\\u12g4", "\n", "\0"})
  void refusesWhatJacksonRefuses(String fault) {
    for (String inside : List.of(LONG + "\\n" + fault, "\\n" + LONG + fault + LONG, fault + LONG)) {
      assertThatExceptionOfType(JacksonException.class).isThrownBy(() -> field(inside));
    }
    assertThatExceptionOfType(JacksonException.class)
        .isThrownBy(() -> JsonFields.of(new RawJson("{\"a\":\"\\n" + LONG)));
  }

  @Test
  void isUsedForLongStringsOnly() {
    assertThat(field("\\n" + LONG)).isInstanceOf(Field.Escaped.class);
    assertThat(field(LONG)).isInstanceOf(Field.Plain.class);
    assertThat(
            JsonFields.of(new RawJson("{\"a\":\"x\\n\",\"b\":\"" + LONG + "\",\"c\":[\"\\n\"]}")))
        .containsEntry("a", new Field.Unescaped("x\n"))
        .containsKeys("b", "c");
  }

  private static String inside(RandomValues random) {
    return LONG.substring(random.between(0, LONG.length()))
        + String.join(
            "x".repeat(random.between(0, 90)), random.list(0, 20, () -> random.oneOf(PIECES)));
  }

  private static void assertReads(String inside, @Nullable Utf8Text text) {
    byte[] bytes = ("?" + inside + "?").getBytes(UTF_8);
    assertThat(JsonUnescape.of(new Utf8Text(bytes, 1, bytes.length - 2))).isEqualTo(text);
    Field.Text field = field(inside);
    assertThat(field.utf8()).isEqualTo(text);
    assertThat(field.value()).isEqualTo(byJackson(inside));
  }

  /** Fields before and after it show that the parser goes on where it should. */
  private static Field.Text field(String inside) {
    var fields = JsonFields.of(new RawJson("{\"1\":\"\\n\", \"a\":\"" + inside + "\" ,\"2\":[]}"));
    assertThat(fields).containsOnlyKeys("1", "a", "2");
    return (Field.Text) Objects.requireNonNull(fields.get("a"));
  }

  private static String byJackson(String inside) {
    return JsonMapper.shared().readValue("\"" + inside + "\"", String.class);
  }
}
