package io.beamline.worker.contract.json;

import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.beamline.worker.contract.AssignmentIdentity;
import io.beamline.worker.contract.Correlation;
import io.beamline.worker.contract.DeadLetter;
import io.beamline.worker.contract.DeadLetter.Reason;
import io.beamline.worker.contract.ErrorCode;
import io.beamline.worker.contract.ExecResult;
import io.beamline.worker.contract.StepError;
import io.beamline.worker.contract.StepOutcome;
import io.beamline.worker.support.RandomCases;
import io.beamline.worker.support.RandomValues;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** A dead letter has as much of the original as fits (contract section 7). */
class DeadLetterEncoderTest {

  private static final int ROOMY = 4 * 1024 * 1024;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{ \"a\" :1.00,\r\n\t\"b\":\"\\u00e9é\uD83D\uDE00\u2028\\ud800\"}",
        "{\"x\":[{}]} \n"
      })
  void keepsAnObjectAsItCame(String original) {
    DeadLetter letter = letter(original.getBytes(UTF_8));
    byte[] encoded = DeadLetterEncoder.encode(letter, ROOMY);
    JsonNode json = RouterCheck.accepted(letter, encoded);
    assertThat(new String(encoded, UTF_8)).contains("\"original\":" + original);
    assertThat(json.has("original_encoding")).isFalse();
    assertThat(json.has("truncated")).isFalse();
  }

  @Test
  void hasStatusErrorEvenIfTheStepTimedOut() {
    StepError late = StepError.of(ErrorCode.CANCELLED_BY_TIMEOUT, "It took too long");
    ExecResult result = letter(new byte[0]).result().withOutcome(new StepOutcome.Failure(late));
    DeadLetter letter = new DeadLetter(result, Reason.FAILED, "caf.exec.assign.v1", new byte[0]);

    JsonNode json = RouterCheck.accepted(letter, DeadLetterEncoder.encode(letter, ROOMY));

    assertThat(json.path("status").stringValue()).isEqualTo("error");
    assertThat(json.path("error_code").stringValue()).isEqualTo("CANCELLED_BY_TIMEOUT");
    assertThat(json.path("error_type").stringValue()).isEqualTo("timeout");
  }

  @Test
  void keepsTheSampleAsJson() {
    DeadLetter letter = letter(Sample.file("assign-http.json"));
    assertThat(
            RouterCheck.accepted(letter, DeadLetterEncoder.encode(letter, ROOMY)).path("original"))
        .isEqualTo(Sample.json(letter.original()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "x",
        "[]",
        "5",
        "null",
        "\"a\"",
        "{",
        "{}{}",
        "{} x",
        "{\"a\":1,\"a\":2}",
        "\uFEFF{}",
        "{}\0",
        "\0{}",
        "{\"a\":\"\0\"}",
        "{\"a\":NaN}",
        "{\"a\":\"\\q\"}",
        "{\"a\":\"\n\"}"
      })
  void keepsEverythingElseInBase64(String original) {
    assertKeptInBase64(original.getBytes(UTF_8));
  }

  @Test
  void keepsBytesThatAreNotUtf8InBase64() {
    assertKeptInBase64(new byte[] {'{', '"', (byte) 0xC0, (byte) 0xAF, '"', ':', '1', '}'});
    assertKeptInBase64(HexFormat.of().parseHex("FFFE00"));
    assertKeptInBase64("{\"a\":1}".getBytes(UTF_16LE));
  }

  @Test
  void keepsWhatIsNestedTooDeepInBase64() {
    String deep = "{\"a\":".repeat(65) + "1" + "}".repeat(65);
    assertKeptInBase64(deep.getBytes(UTF_8));
  }

  @Test
  void cutsWhatDoesNotFitAndSaysSo() {
    byte[] original = ("{\"a\":\"" + "é".repeat(20_000) + "\"}").getBytes(UTF_8);
    DeadLetter letter = letter(original);

    byte[] encoded = DeadLetterEncoder.encode(letter, 4096);

    JsonNode json = RouterCheck.accepted(letter, encoded);
    byte[] kept = Base64.getDecoder().decode(json.path("original").stringValue());
    assertThat(encoded.length).isBetween(3500, 4096);
    assertThat(kept).isEqualTo(Arrays.copyOf(original, kept.length));
    assertThat(json.path("truncated").booleanValue()).isTrue();
    assertThat(json.path("original_size").intValue()).isEqualTo(original.length);
    assertThat(json.path("original_sha256").stringValue()).isEqualTo(sha256(original));
  }

  @Test
  void keepsWhatFitsExactlyAsJsonOnly() {
    byte[] original = ("{\"a\":\"" + "x".repeat(3000) + "\"}").getBytes(UTF_8);
    DeadLetter letter = letter(original);
    boolean cut = true;
    for (int limit = 2048; limit <= 5000; limit++) {
      byte[] encoded = DeadLetterEncoder.encode(letter, limit);
      assertThat(encoded.length).isLessThanOrEqualTo(limit);
      boolean stillCut = Sample.json(encoded).has("truncated");
      assertThat(cut || !stillCut).as("more room never keeps less").isTrue();
      cut = stillCut;
    }
    assertThat(cut).isFalse();
  }

  @ParameterizedTest
  @ValueSource(ints = {-5, 0, 1, 300})
  void keepsTheResultWhenNothingElseFits(int limit) {
    DeadLetter letter = letter("some text".getBytes(UTF_8));
    JsonNode json = RouterCheck.accepted(letter, DeadLetterEncoder.encode(letter, limit));
    assertThat(json.path("original").stringValue()).isEmpty();
    assertThat(json.path("original_size").intValue()).isEqualTo(9);
  }

  @RandomCases(300)
  void isNeverLargerThanItMayBe(RandomValues random) {
    byte[] original = random.nextBoolean() ? random.bytes(10_000) : object(random);
    int limit = random.between(2048, 12_000);
    DeadLetter letter = letter(original);
    byte[] encoded = DeadLetterEncoder.encode(letter, limit);
    JsonNode json = RouterCheck.accepted(letter, encoded);
    assertThat(encoded.length).isLessThanOrEqualTo(limit);
    if (json.has("original_encoding")) {
      byte[] kept = Base64.getDecoder().decode(json.path("original").stringValue());
      assertThat(kept).isEqualTo(Arrays.copyOf(original, kept.length));
      assertThat(json.has("truncated")).isEqualTo(kept.length < original.length);
    } else {
      assertThat(json.path("original")).isEqualTo(Sample.json(original));
    }
  }

  private static byte[] object(RandomValues random) {
    String text = random.text(0, 2_000, '\0', '\uFFFF');
    return ("{\"a\":" + Sample.quoted(text) + "}").getBytes(UTF_8);
  }

  @ParameterizedTest
  @EnumSource
  void writesItsReason(Reason reason) {
    DeadLetter letter = new DeadLetter(letter(new byte[0]).result(), reason, "s", new byte[0]);
    assertThat(
            RouterCheck.accepted(letter, DeadLetterEncoder.encode(letter, ROOMY))
                .path("reason")
                .stringValue())
        .isEqualTo(reason.wireName());
  }

  @ParameterizedTest
  @FieldSource("io.beamline.worker.contract.json.Hostile#TEXTS")
  void isNeverLostForTheTextsInIt(String text) {
    DeadLetter clean = letter(text.getBytes(UTF_8));
    AssignmentIdentity identity =
        new AssignmentIdentity(
            null, null, null, text, text, new Correlation(text, text, text, text));
    DeadLetter letter =
        new DeadLetter(
            clean.result().withIdentity(identity), Reason.MALFORMED, "s" + text, clean.original());
    JsonNode json = RouterCheck.accepted(letter, DeadLetterEncoder.encode(letter, ROOMY));
    assertThat(json.path("original_subject").stringValue())
        .isEqualTo("s" + Hostile.asWritten(text));
  }

  private static void assertKeptInBase64(byte[] original) {
    DeadLetter letter = letter(original);
    JsonNode json = RouterCheck.accepted(letter, DeadLetterEncoder.encode(letter, ROOMY));
    assertThat(json.path("original_encoding").stringValue()).isEqualTo("base64");
    assertThat(Base64.getDecoder().decode(json.path("original").stringValue())).isEqualTo(original);
    assertThat(json.has("truncated")).isFalse();
  }

  private static DeadLetter letter(byte[] original) {
    StepError error =
        StepError.of(
            ErrorCode.INVALID_FORMAT,
            "The message is not an assignment",
            Map.of("fault", "the message is not JSON at byte 5"));
    ExecResult result =
        new ExecResult(
            AssignmentIdentity.UNKNOWN,
            new StepOutcome.Failure(error),
            0,
            0,
            1_795_415_735_566L,
            ExecResult.Cp2.NOTHING);
    return new DeadLetter(result, Reason.MALFORMED, "caf.exec.assign.v1", original);
  }

  private static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }
}
