package io.beamline.worker.contract.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.beamline.worker.contract.RawJson;
import io.beamline.worker.contract.Utf8Text;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which texts of others become JSON in a result. */
class JsonPartTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{} | {}",
        "` \r\n\t{\"a\":  [1.50, null]}\n` | {\"a\":  [1.50, null]}",
        "-0.0e+10 | -0.0e+10",
        "true | true",
        "null | null",
        "\"a\\ud800\\n\" | \"a\\ud800\\n\"",
        "[{\"a\":1},{\"a\":2}] | [{\"a\":1},{\"a\":2}]"
      })
  void keepsJsonAsItCame(String text, String json) {
    assertThat(Objects.requireNonNull(of(text)).text()).isEqualTo(json);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "{",
        "{}}",
        "{} {}",
        "1 2",
        "1,",
        "01",
        "1.",
        "+1",
        "NaN",
        "tru",
        "truex",
        "'a'",
        "\"a",
        "\"a\nb\"",
        "\"\\x\"",
        "{\"a\":1,}",
        "{a:1}",
        "{\"a\":1,\"a\":2}",
        "[1,]",
        "// x\n1",
        "\ufeff{}",
        "\u00e9"
      })
  void takesNothingElse(String text) {
    assertThat(of(text)).isNull();
  }

  @Test
  void keepsWithinTheDepthOfAMessage() {
    assertThat(of("[".repeat(62) + "]".repeat(62))).isNotNull();
    assertThat(of("[".repeat(63) + "]".repeat(63))).isNull();
    assertThat(of("[".repeat(100_000))).isNull();
  }

  @Test
  void takesLargeTextsAndNumbers() {
    int large = 3 * Json.MAX_MESSAGE_BYTES;
    assertThat(of("\"" + "x".repeat(large) + "\"")).isNotNull();
    assertThat(of("9".repeat(large))).isNotNull();
  }

  private static @Nullable RawJson of(String text) {
    byte[] bytes = ("##" + text + "#").getBytes(UTF_8);
    return JsonPart.of(new Utf8Text(bytes, 2, bytes.length - 3));
  }
}
