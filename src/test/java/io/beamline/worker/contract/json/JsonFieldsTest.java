package io.beamline.worker.contract.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.entry;

import io.beamline.worker.contract.RawJson;
import io.beamline.worker.contract.Utf8Text;
import io.beamline.worker.contract.json.JsonFields.Field;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.JacksonException;

class JsonFieldsTest {

  @Test
  void readsTheFieldsOfOneObject() {
    assertThat(
            JsonFields.of(new RawJson(" {\"a\": \"b\", \"n\": null, \"o\": [1, 2]} ")).toString())
        .isEqualTo("{a=Plain[utf8=Utf8Text[1 bytes]], o=Raw[json=RawJson[6 bytes]]}");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "[]", "\"a\"", "5", "null", "{", "{} {}", "{}]", "{\"a\":1,\"a\":2}"})
  void refusesWhatIsNotOneObject(String text) {
    assertThatExceptionOfType(JacksonException.class)
        .isThrownBy(() -> JsonFields.of(new RawJson(text)));
  }

  @Test
  void readsAnArrayOfStringsAndNothingElse() {
    assertThat(JsonFields.strings(new RawJson("[\"a\", \"\"]"))).containsExactly("a", "");
    assertThat(JsonFields.strings(new RawJson("[]"))).isEmpty();
    assertThat(JsonFields.strings(new RawJson("[\"a\", 5]"))).isNull();
    assertThat(JsonFields.strings(new RawJson("[null]"))).isNull();
    assertThat(JsonFields.strings(new RawJson("{\"a\": \"b\"}"))).isNull();
    assertThat(JsonFields.strings(new RawJson("5"))).isNull();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"a\":5}|5",
        "{\"a\": 5 }|5",
        "{\"a\":-1.50e+3\t,\"b\":1}|-1.50e+3",
        "{\"a\":0}|0",
        "{\"a\" : true , \"b\":1}|true",
        "{\"a\":false}|false",
        "{\"a\":[ 1 , \"]\" ] }|[ 1 , \"]\" ]",
        "{\"b\":\"é\uD83D\uDE00\\u00e9\",\"a\":{ \"x\":[{}] }}|{ \"x\":[{}] }",
        "{\"\\u0061\":[]}|[]"
      })
  void carriesOtherValuesAsTheyCame(String object, String expected) {
    assertThat(JsonFields.of(new RawJson(object))).containsEntry("a", raw(expected));
  }

  @ParameterizedTest
  @ValueSource(strings = {"é\uD83D\uDE00\u2028", "\0\n\"\\", "\uD800", "", "true", "null"})
  void unescapesStrings(String text) {
    Map<String, Field> fields = JsonFields.of(new RawJson("{\"a\":" + Sample.quoted(text) + "}"));
    assertThat(fields.get("a"))
        .isInstanceOfSatisfying(
            Field.Text.class,
            field -> {
              assertThat(field.value()).isEqualTo(text);
              assertThat(field.utf8()).isEqualTo(Utf8Text.of(text));
            });
  }

  @Test
  void unescapesEachStringForItself() {
    String object =
        "{\"a\":\"x\",\"b\\n\":\"\\\\\",\"c\":\"\",\"d\":\"\\\"\",\"e\":\"y\",\"f\":[\"\\t\"],\"g\":\"z\"}";
    assertThat(JsonFields.of(new RawJson(object)))
        .containsExactly(
            entry("a", plain("x")),
            entry("b\n", new Field.Unescaped("\\")),
            entry("c", plain("")),
            entry("d", new Field.Unescaped("\"")),
            entry("e", plain("y")),
            entry("f", new Field.Raw(new RawJson("[\"\\t\"]"))),
            entry("g", plain("z")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"\n", "\0", "\t"})
  void refusesControlCharactersInAStringThatNeedsNoUnescaping(String control) {
    assertThatExceptionOfType(JacksonException.class)
        .isThrownBy(() -> JsonFields.of(new RawJson("{\"a\":\"x" + control + "\"}")));
  }

  @Test
  void carriesValuesAcrossTheParsersBuffers() {
    for (int length = 3_900; length < 4_100; length++) {
      String start = "{\"text\":\"" + "x".repeat(length) + "\",";
      String fields = "\"number\":1234567 ,\"list\":[\"é\uD83D\uDE00\", 12],\"truth\":true}";
      assertThat(JsonFields.of(new RawJson(start + fields)))
          .containsEntry("number", raw("1234567"))
          .containsEntry("list", raw("[\"é\uD83D\uDE00\", 12]"))
          .containsEntry("truth", raw("true"));
    }
  }

  @Test
  void readsStringsBeforeAcrossAndBehindTheParsersBuffers() {
    for (int edge : new int[] {4_000, 32_768, 65_536}) {
      for (int length = edge - 40; length < edge + 40; length++) {
        String filler = "x".repeat(length);
        String object =
            "{\"f\":\""
                + filler
                + "\",\"p\":\"plain\",\"u\":\"é\uD83D\uDE00\",\"e\":\"a\\nb\",\"z\":\"é\"}";
        assertThat(JsonFields.of(new RawJson(object)))
            .containsExactly(
                entry("f", plain(filler)),
                entry("p", plain("plain")),
                entry("u", plain("é\uD83D\uDE00")),
                entry("e", new Field.Unescaped("a\nb")),
                entry("z", plain("é")));
      }
    }
  }

  @Test
  void carriesValuesOfAnySize() {
    for (int length : new int[] {31_900, 32_768, 65_536, 1_000_000}) {
      String list = "[\"" + "é".repeat(length) + "\", 5 ]";
      assertThat(JsonFields.of(new RawJson("{\"a\":" + list + ",\"b\": " + list + " }")))
          .containsExactly(entry("a", raw(list)), entry("b", raw(list)));
    }
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      value = {
        "0, 0",
        "5, 5",
        "-5, -5",
        "-0, 0",
        "5.0, 5",
        "50e-1, 5",
        "5e3, 5000",
        "9223372036854775807, 9223372036854775807",
        "-9223372036854775808, -9223372036854775808",
        "9223372036854775808, -",
        "1e19, -",
        "1e999999999, -",
        "1e-999999999, -",
        "1e99999999999, -",
        "0e999999999, 0",
        "5.5, -",
        "'', -",
        "-, -",
        "true, -",
        "'\"5\"', -",
        "[5], -",
        "{}, -",
        "null, -"
      })
  void readsWholeNumbersOnly(@Nullable String json, @Nullable Long expected) {
    assertThat(JsonFields.wholeNumber(json == null ? "-" : json)).isEqualTo(expected);
  }

  @Test
  void readsNoNumberThatIsTooLong() {
    assertThat(JsonFields.wholeNumber("5." + "0".repeat(62))).isEqualTo(5L);
    assertThat(JsonFields.wholeNumber("5." + "0".repeat(63))).isNull();
    assertThat(JsonFields.wholeNumber("9".repeat(1_000_000))).isNull();
  }

  /** As most payloads do. */
  @Test
  void readsAPartOfAMessage() {
    byte[] message = "é{\"a\":\"é\", \"b\" : [1] , \"c\":\"\\n\"}\"}".getBytes(UTF_8);
    RawJson part = new RawJson(new Utf8Text(message, 2, message.length - 4));
    assertThat(JsonFields.of(part))
        .containsExactly(
            entry("a", plain("é")), entry("b", raw("[1]")), entry("c", new Field.Unescaped("\n")));
  }

  private static Field plain(String text) {
    return new Field.Plain(Objects.requireNonNull(Utf8Text.of(text)));
  }

  private static Field raw(String json) {
    return new Field.Raw(new RawJson(json));
  }

  @Test
  void readsOneTextAndNothingAfterIt() {
    RawJson json =
        new RawJson("{\"a\": [1, {\"url\": \"in\"}], \"url\": \"x\\u0041\", \"b\": broken");
    assertThat(JsonFields.text(json, "url")).isEqualTo("xA");
    assertThat(JsonFields.text(json, "b")).isNull();
    assertThat(JsonFields.text(json, "none")).isNull();
    assertThat(JsonFields.text(new RawJson("{\"url\": 1}"), "url")).isNull();
    assertThat(JsonFields.text(new RawJson("[]"), "url")).isNull();
  }
}
