package io.beamline.worker.deadletter;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LetterTextTest {

  private static final ReplayMark DONE =
      new ReplayMark(ReplayMark.State.DONE, Instant.parse("2026-11-26T11:00:00Z"));

  @Test
  void tellsALetterOnOneLine() {
    assertThat(LetterText.row(Letters.of(Letters.failed(Letters.ORIGINAL)), DONE).split(" +"))
        .containsExactly(
            "17",
            "2026-11-26T10:00:00Z",
            "done",
            "failed",
            "a-1",
            "t",
            "echo",
            "NETWORK_ERROR",
            "refused");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\\u001b[2J",
        "\\r\\nfake",
        "\\u009b1m",
        "\\u202e",
        "\\u2028",
        "\\u200b",
        "\\ud800"
      })
  void letsNothingMoveTheTerminal(String escape) {
    String body =
        Letters.failed(Letters.ORIGINAL)
            .replace("refused", escape)
            .replace("\"t\"", '"' + escape + '"')
            .replace("\"a-1\"", '"' + escape + '"');
    Letter letter = Letters.of(body, Map.of("tenant_id", "\u001b]0;x\u0007"));
    String row = LetterText.row(letter, ReplayMark.OPEN);
    String page = LetterText.page(letter, DONE, "replay-1", true);
    assertThat(row + page.replace("\n", "")).matches("[\\x20-\\x7e]*");
  }

  @Test
  void keepsWhatPeopleWrite() {
    assertThat(Printable.line("Größe 数 😀")).isEqualTo("Größe 数 😀");
    assertThat(Printable.line("😀😀😀", 2)).isEqualTo("😀😀...");
    assertThat(Printable.line(null)).isEqualTo("-");
  }

  @Test
  void showsTheOriginalWithoutSecretsUnlessAsked() {
    String original =
        Letters.ORIGINAL.replace("\"n\"", "\"url\":\"http://u:pw@h/\",\"tokens\":[\"hush\"],\"n\"");
    Letter letter = Letters.of(Letters.failed(original), Map.of("x-token", "hush"));
    assertThat(LetterText.page(letter, ReplayMark.OPEN, "replay-1", false))
        .contains("Dead letter 17 of 2026-11-26T10:00:00.500Z", "Replay: none")
        .contains("\"password\": \"[REDACTED]\"", "\"tokens\": \"[REDACTED]\"", "\"n\": 1.10")
        .contains("\"http://h/\"", "x-token: [REDACTED]")
        .doesNotContain("hush");
    assertThat(LetterText.page(letter, DONE, "replay-1", true))
        .contains("Replay: done as replay-1 at 2026-11-26T11:00:00Z")
        .contains("\"password\": \"hush\"", "x-token: hush");
  }

  @Test
  void findsSecretsInTextsThatAreJsonAgain() {
    String original =
        Letters.ORIGINAL.replace(
            "\"n\"",
            "\"headers\":\" {\\\"Authorization\\\":\\\"Bearer hush\\\",\\\"n\\\":1.10}\","
                + "\"body\":\"{\\\"password\\\":\\\"hush\",\"other\":\"[1\",\"n\"");
    Letter letter =
        Letters.of(Letters.failed(original), Map.of("x-settings", "{\"token\":\"hush\"}"));
    assertThat(LetterText.page(letter, ReplayMark.OPEN, "replay-1", false))
        .contains("\\\"Authorization\\\": \\\"[REDACTED]\\\"", "1.10", "\"other\": \"[1\"")
        .contains("\"body\": \"[REDACTED]\"")
        .doesNotContain("hush");
    assertThat(LetterText.page(letter, DONE, "replay-1", true)).contains("Bearer hush");
  }

  @Test
  void cutsUserInfoEverywhere() {
    String body = Letters.failed(Letters.ORIGINAL).replace("refused", "http://u:hush@h/ refused");
    Letter letter = Letters.of(body, Map.of("x-from", "http://u:hush@h/"));
    assertThat(LetterText.row(letter, ReplayMark.OPEN)).endsWith("http://h/ refused");
    assertThat(LetterText.page(letter, ReplayMark.OPEN, "replay-1", false))
        .contains("x-from: http://h/")
        .doesNotContain("hush@");
  }

  @Test
  void showsBytesThatAreNoJsonOnlyWhenAsked() {
    String base64 = Base64.getEncoder().encodeToString("{\"password\":\"hush".getBytes(UTF_8));
    Letter letter =
        Letters.of(
            Letters.failed('"' + base64 + '"')
                .replace("\"reason\"", "\"original_encoding\":\"base64\",\"reason\""));
    assertThat(LetterText.page(letter, ReplayMark.OPEN, "replay-1", false))
        .contains("17 bytes that are not a JSON object", "--reveal")
        .doesNotContain("hush", base64);
    assertThat(LetterText.page(letter, ReplayMark.OPEN, "replay-1", true))
        .contains(base64, "{\"password\":\"hush");
  }

  @Test
  void showsThatALetterIsNoJson() {
    Letter letter = Letters.of("\u001b[2J");
    assertThat(LetterText.row(letter, ReplayMark.OPEN)).startsWith("17 ").endsWith("not JSON");
    assertThat(LetterText.page(letter, ReplayMark.OPEN, "replay-1", true))
        .contains("not a JSON object");
  }
}
