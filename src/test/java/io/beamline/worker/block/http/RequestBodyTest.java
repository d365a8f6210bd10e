package io.beamline.worker.block.http;

import static io.beamline.worker.contract.ErrorCode.INVALID_INPUT;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.beamline.worker.block.StepFailure;
import io.beamline.worker.contract.RouterRules;
import io.beamline.worker.contract.StepError;
import io.beamline.worker.support.MisbehavingHttpServer;
import io.beamline.worker.timeout.Deadline;
import java.io.IOException;
import java.nio.charset.Charset;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What arrives at a server is what the job says, or nothing is sent. */
@Timeout(20)
class RequestBodyTest {

  private final MisbehavingHttpServer server = MisbehavingHttpServer.start();
  private final HttpFixture http = HttpFixture.plain();

  @AfterEach
  void close() throws IOException {
    http.close();
    server.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\\ud83db", "\\udc00", "\\ude00\\ud83d", "x\\uD83D"})
  void aSurrogateThatStandsAloneIsRefused(String body) {
    StepError error = failure("\"body\": \"" + body + "\"");

    assertThat(error.message()).isEqualTo("The body is not valid text");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a\\ud83d\\ude00b",
        "\\u0000\\ufffd\\ufeff",
        "gr\u00fc\u00dfe",
        "\u212b u\u0308 \ufb01"
      })
  void textArrivesAsItIs(String body) throws Exception {
    send("\"body\": \"" + body + "\"");

    assertThat(received(UTF_8)).isEqualTo(unescaped(body));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1.50",
        "-0.0",
        "1E400",
        "123456789012345678901234567890.12345678901234567890",
        "{\"a\": 1.10,  \"b\": 2, \"s\": \"\\ud83d\", \"u\": \"\\u00fc\u00fc\"}",
        "[ 1e-7 ,\t1E+2 ]",
      })
  void jsonArrivesToTheDigit(String json) throws Exception {
    send("\"body\": " + json);

    assertThat(received(UTF_8)).isEqualTo(json);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "text/plain; charset=ISO-8859-1|ISO-8859-1",
        "text/plain;CHARSET=\"iso-8859-1\"|ISO-8859-1",
        "text/plain ; charset = latin1|ISO-8859-1",
        "text/plain; charset=windows-1252; format=flowed|windows-1252",
        "text/plain; charset=UTF-16|UTF-16",
        "text/plain; charset=utf-16le|UTF-16LE",
        "application/json; charset=UTF-8|UTF-8",
        "multipart/mixed; boundary=\";charset=utf-16\"; charset=latin1|ISO-8859-1",
        "text/plain; xcharset=utf-16|UTF-8",
        "odd|UTF-8",
      })
  void theBodyIsWrittenInTheCharsetOfItsContentType(String type, String charset) throws Exception {
    send(header(type) + "\"body\": \"gr\u00fc\u00dfe\"");

    assertThat(received(Charset.forName(charset))).isEqualTo("gr\u00fc\u00dfe");
    assertThat(server.requests().getFirst().header("Content-Type")).isEqualTo(type);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "text/plain; charset=US-ASCII",
        "text/plain; charset=ISO-8859-5",
        "text/plain; charset=klingon",
        "text/plain; charset=",
        "text/plain; charset=\"a b\"",
        "text/plain; charset=x-JISAutoDetect",
      })
  void aCharsetThatCannotHoldTheBodyIsRefused(String type) {
    StepError error = failure(header(type) + "\"body\": \"gr\u00fc\u00dfe\"");

    assertThat(error.message()).contains("charset");
  }

  @Test
  void aCharsetIsOfNoConcernWithoutABody() throws Exception {
    send(header("text/plain; charset=klingon") + "\"body\": null");

    assertThat(server.requests()).hasSize(1);
  }

  private String received(Charset charset) {
    assertThat(server.requests()).hasSize(1);
    return server.requests().getFirst().body(charset);
  }

  private void send(String inputs) throws StepFailure, InterruptedException {
    http.outputs(payload(inputs));
  }

  private StepError failure(String inputs) {
    StepError error =
        http.failureOf(
                payload(inputs), HttpFixture.within(Duration.ofSeconds(10)), Deadline.never())
            .error();
    assertThat(error.code()).isEqualTo(INVALID_INPUT);
    assertThat(error.details()).containsEntry("field", "body");
    assertThat(RouterRules.looksLikeProviderFault(error.message())).isFalse();
    assertThat(server.accepted()).isZero();
    return error;
  }

  private String payload(String inputs) {
    return "{\"url\": \"" + server.url("/") + "\", \"method\": \"POST\", " + inputs + "}";
  }

  private static String header(String type) {
    String json = type.replace("\"", "\\\"");
    return "\"headers\": {\"Content-Type\": \"" + json + "\"}, ";
  }

  private static String unescaped(String json) {
    return json.replace("\\ud83d\\ude00", "\ud83d\ude00")
        .replace("\\u0000\\ufffd\\ufeff", "\u0000\ufffd\ufeff");
  }
}
