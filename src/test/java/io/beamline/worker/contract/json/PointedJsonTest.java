package io.beamline.worker.contract.json;

import static org.assertj.core.api.Assertions.assertThat;

import io.beamline.worker.contract.RawJson;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.core.JsonPointer;

class PointedJsonTest {

  private static final String JSON =
      """
      {"a": {"b": [10, {"c" : 1.50}, "x"], "a/b": true, "": null}, "n": 12345678901234567890.10,
       "s": "q\\"", "empty": {}}\
      """;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      nullValues = "-",
      value = {
        "/a/b/0   | 10",
        "/a/b/1   | {\"c\" : 1.50}",
        "/a/b/1/c | 1.50",
        "/a/b/2   | \"x\"",
        "/a/b/3   | -",
        "/a/b/-1  | -",
        "/a/b/x   | -",
        "/a/a~1b  | true",
        "/a/      | null",
        "/n       | 12345678901234567890.10",
        "/n/0     | -",
        "/s       | \"q\\\"\"",
        "/empty   | {}",
        "/empty/a | -",
        "/b       | -",
      })
  void findsAValueAsItCame(String pointer, String found) {
    assertThat(found(JSON, pointer)).isEqualTo(found);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      nullValues = "-",
      value = {
        "`` | /a",
        "x | /a",
        "{\"a\": | /a",
        "{\"a\": [1, | /a",
        "{\"b\": 1, | /a",
        "<a/> | /a",
      })
  void findsNothingInWhatIsNoJson(String text, String pointer) {
    assertThat(found(text, pointer)).isNull();
  }

  private static @Nullable String found(String text, String pointer) {
    RawJson found = PointedJson.find(new RawJson(text), JsonPointer.compile(pointer));
    return found == null ? null : found.text();
  }
}
