package io.beamline.worker.contract.json;

import static io.beamline.worker.contract.json.Sample.bytes;
import static io.beamline.worker.contract.json.Sample.decode;
import static io.beamline.worker.contract.json.Sample.malformed;
import static io.beamline.worker.contract.json.Sample.minimal;
import static io.beamline.worker.contract.json.Sample.rejected;
import static io.beamline.worker.contract.json.Sample.valid;
import static io.beamline.worker.contract.json.Sample.with;
import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.beamline.worker.contract.AssignmentIdentity;
import io.beamline.worker.contract.Correlation;
import java.io.ByteArrayOutputStream;
import java.nio.charset.Charset;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Messages that are no assignment (contract section 2, "Malformed messages"). */
class MalformedMessageTest {

  private static final String TOO_DEEP = "the message is nested deeper than 64";

  @Test
  void takesExactlyOneMebibyteAndNotOneByteMore() {
    byte[] message = bytes(minimal());
    byte[] largest = padded(message, 1024 * 1024);
    byte[] tooLarge = padded(message, 1024 * 1024 + 1);

    assertThat(valid(largest).assignment()).isEqualTo(valid(message).assignment());
    assertThat(malformed(tooLarge).fault()).isEqualTo("the message is larger than 1048576 bytes");
    assertThat(malformed(tooLarge).identity()).isEqualTo(AssignmentIdentity.UNKNOWN);
  }

  @ParameterizedTest
  @CsvSource({
    "C0AF, an overlong slash",
    "C080, an overlong NUL",
    "E080AF, an overlong slash of three bytes",
    "F08080AF, an overlong slash of four bytes",
    "EDA080, a high surrogate",
    "EDB080, a low surrogate",
    "EDA0BDEDB880, a pair of surrogates as in CESU-8",
    "F4908080, above U+10FFFF",
    "F8888080808080, five bytes",
    "FF, no byte of UTF-8",
    "FE, no byte of UTF-8",
    "80, a lone continuation",
    "C3, a start without its end",
    "E282, two of three bytes",
    "E9, an e acute in Latin-1"
  })
  void refusesWhatIsNotUtf8(String hex, String what) {
    byte[] odd = HexFormat.of().parseHex(hex);
    byte[] within = startingWith(joined("\"more\":\"".getBytes(UTF_8), odd, new byte[] {'"'}));
    assertThat(malformed(within).fault()).as(what).isEqualTo("the message is not UTF-8");
    byte[] atTheEnd = joined(bytes(minimal()), odd);
    assertThat(malformed(atTheEnd).fault()).as(what).isEqualTo("the message is not UTF-8");
  }

  @ParameterizedTest
  @ValueSource(strings = {"\uFEFF", "\uFEFF\uFEFF"})
  void refusesAByteOrderMarkAtTheStart(String mark) {
    assertThat(malformed((mark + minimal()).getBytes(UTF_8)).fault())
        .isEqualTo("the message starts with a byte order mark");
  }

  @Test
  void takesAByteOrderMarkWithinAString() {
    assertThat(valid(with("tenant_id", "\"\uFEFF\"")).assignment().tenantId()).isEqualTo("\uFEFF");
  }

  @Test
  void refusesNulWhereverItIs() {
    String message = minimal().toString();
    for (String withNul :
        List.of("\0" + message, message + "\0", message.replace("tenant-a", "tenant\0"), "\0")) {
      assertThat(malformed(withNul.getBytes(UTF_8)).fault())
          .isEqualTo("the message has a NUL byte");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"UTF-16BE", "UTF-16LE", "UTF-16", "UTF-32BE", "UTF-32LE", "x-UTF-16LE-BOM"})
  void refusesOtherEncodings(String charset) {
    assertThat(malformed(minimal().toString().getBytes(Charset.forName(charset))).identity())
        .isEqualTo(AssignmentIdentity.UNKNOWN);
  }

  @Test
  void refusesUtf16WithoutAnyNul() {
    String cjk = "笀笀笀";
    malformed(cjk.getBytes(UTF_16BE));
    malformed(cjk.getBytes(UTF_16LE));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "\n",
        "[]",
        "[{}]",
        "\"a\"",
        "5",
        "-1.5e3",
        "true",
        "false",
        "null",
        "{\"assignment_id\":\"a-1\"",
        "{",
        "}",
        "]",
        "x",
        "nul",
        "'a'",
        "<a/>",
        "a=b",
        "0x",
        "\"",
        "{}{}",
        "{} {}",
        "{},{}",
        "{}]",
        "{}}",
        "{}5",
        "{} null",
        "{}x",
        "{}\f",
        "{}\u001e",
        "\u00a0{}",
        "\u2028{}",
        "{}\u0085",
        "// {}\n{}",
        "{}//",
        "# {}\n{}"
      })
  void refusesWhatIsNotExactlyOneObject(String message) {
    assertThat(decode(message)).isInstanceOf(Decoded.Malformed.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"a\":1,}",
        "{,}",
        "{\"a\"}",
        "{\"a\":}",
        "{\"a\" 1}",
        "{\"a\":1 \"b\":2}",
        "{a:1}",
        "{'a':1}",
        "{\"a\":'b'}",
        "{\"a\":[1,]}",
        "{\"a\":[,1]}",
        "{\"a\":[1}",
        "{\"a\":{]}",
        "{5:1}",
        "{null:1}",
        "{\"a\":01}",
        "{\"a\":-}",
        "{\"a\":+1}",
        "{\"a\":1.}",
        "{\"a\":.5}",
        "{\"a\":1e}",
        "{\"a\":0x1}",
        "{\"a\":1_0}",
        "{\"a\":NaN}",
        "{\"a\":-Infinity}",
        "{\"a\":tru}",
        "{\"a\":True}",
        "{\"a\":nulll}",
        "{\"a\":undefined}",
        "{\"a\":\"\\x\"}",
        "{\"a\":\"\\u12\"}",
        "{\"a\":\"\\\"}",
        "{\"a\":\"b}",
        "{\"a\":\"\t\"}",
        "{\"a\":\"\n\"}",
        "{\"a\":\"\u001f\"}",
        "{\"a\n\":1}",
        "{\"a\":/**/1}",
        "{\"\\q\":1}"
      })
  void refusesJsonThatIsNotStrict(String object) {
    assertThat(malformed(object.getBytes(UTF_8)).fault()).startsWith("the message is not JSON");
    assertThat(malformed(with("job.payload", object)).fault())
        .startsWith("the message is not JSON");
    assertThat(malformed(with("more", object)).fault()).startsWith("the message is not JSON");
  }

  /** The JSON grammar allows such names. The parser does not, and no answer could repeat them. */
  @ParameterizedTest
  @ValueSource(strings = {"\\ud800", "\\udc00", "a\\udc00\\ud800"})
  void refusesNamesThatHaveNoFormInUtf8(String name) {
    assertThat(malformed(with("job.payload", "{\"" + name + "\":1}")).fault())
        .startsWith("the message is not JSON");
  }

  @Test
  void neverQuotesTheMessageInItsFault() {
    assertThat(malformed(with("job.payload", "{\"password\":hunter}")).fault())
        .doesNotContain("hunter")
        .doesNotContain("password")
        .matches("the message is not JSON at byte [0-9]+");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"a\":1,\"a\":1}",
        "{\"a\":1,\"\\u0061\":2}",
        "{\"a\":null,\"b\":2,\"a\":null}",
        "{\"\":1,\"\":2}",
        "{\"é\":1,\"\\u00e9\":2}",
        "{\"x\":{\"a\":1,\"a\":2}}",
        "{\"x\":[[{\"y\":[{\"a\":{},\"a\":{}}]}]]}",
        "{\"x\":{\"a\":1},\"x\":{\"b\":1}}",
        "{\"\uD83D\uDE00\":1,\"\\ud83d\\ude00\":2}"
      })
  void refusesDuplicateKeysAtAnyDepth(String object) {
    for (String path :
        List.of(
            "job.payload",
            "more",
            "decision",
            "metadata.more",
            "options.more",
            "executor.more",
            "correlation.more",
            "job.more",
            "options.retry.more",
            "job.payload_ref")) {
      assertThat(malformed(with(path, object)).fault())
          .as(path)
          .startsWith("the message has a duplicate key at byte ");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"version\":\"1\"",
        "\"assignment_id\":\"a-2\"",
        "\"job\":{}",
        "\"\\u006aob\":null",
        "\"executor\":{\"provider_id\":\"q\"}"
      })
  void refusesDuplicateFieldsOfItsOwn(String field) {
    assertThat(malformed(startingWith(field.getBytes(UTF_8))).fault())
        .startsWith("the message has a duplicate key");
  }

  @Test
  void takesTheSameKeyInDifferentObjects() {
    valid(with("job.payload", "{\"a\":{\"a\":{\"a\":[{\"a\":1},{\"a\":2}]}}}"));
  }

  @ParameterizedTest
  @CsvSource({"[, ]", "'{\"a\":', '}'"})
  void takesNestingOf64AndNotOf65(String open, String close) {
    assertThat(decode(with("more", nested(open, close, 63)))).isInstanceOf(Decoded.Valid.class);
    assertThat(rejected(with("more", nested(open, close, 64))).detail()).isEqualTo(TOO_DEEP);
    String payload = "{\"a\":" + nested(open, close, 61) + "}";
    assertThat(valid(with("job.payload", payload)).assignment().payload().text())
        .isEqualTo(payload);
    assertThat(rejected(with("job.payload", "{\"b\":" + payload + "}")).detail())
        .isEqualTo(TOO_DEEP);
  }

  @Test
  void survivesAHundredThousandBrackets() {
    assertThat(malformed("[".repeat(100_000).getBytes(UTF_8)).fault())
        .isEqualTo("the message is not a JSON object");
    assertThat(malformed("{\"a\":".repeat(100_000).getBytes(UTF_8)).fault())
        .isEqualTo(TOO_DEEP + " and is not JSON");
  }

  @Test
  void keepsTheIdsBeforeTheFault() {
    String start =
        "{\"tenant_id\":\"t\",\"assignment_id\":\"a-1\",\"correlation\":{\"trace_id\":\"x\"}";
    assertThat(malformed((start + ",oops}").getBytes(UTF_8)).identity())
        .isEqualTo(
            new AssignmentIdentity(
                "a-1", null, "t", null, null, new Correlation("x", null, null, null)));
  }

  /** The minimal message with an unknown first field, whose bytes are given. */
  private static byte[] startingWith(byte[] field) {
    return joined(
        "{".getBytes(UTF_8), field, ("," + minimal().toString().substring(1)).getBytes(UTF_8));
  }

  private static byte[] joined(byte[]... parts) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }

  private static byte[] padded(byte[] message, int size) {
    byte[] padded = Arrays.copyOf(message, size);
    Arrays.fill(padded, message.length, size, (byte) ' ');
    return padded;
  }

  private static String nested(String open, String close, int depth) {
    String innermost = open.equals("[") ? "[]" : "{}";
    return open.repeat(depth - 1) + innermost + close.repeat(depth - 1);
  }
}
