package io.beamline.worker.block.http;

import static io.beamline.worker.contract.ErrorCode.INVALID_FORMAT;
import static io.beamline.worker.contract.ErrorCode.INVALID_INPUT;
import static io.beamline.worker.contract.ErrorCode.MISSING_REQUIRED_FIELD;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.beamline.worker.block.BlockCall;
import io.beamline.worker.block.StepFailure;
import io.beamline.worker.contract.RawJson;
import io.beamline.worker.contract.StepError;
import io.beamline.worker.timeout.Deadline;
import io.beamline.worker.timeout.OperationTimeouts;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestReaderTest {

  @ParameterizedTest
  @CsvSource({
    "http://Example.ORG, example.org, 80",
    "HTTPS://example.org./x, example.org, 443",
    "http://127.0.0.1:8080/, 127.0.0.1, 8080",
    "http://[::1]:81/, ::1, 81",
    "http://[fe80::1%25eth0]/, fe80::1, 80",
    "http://[::ffff:1.2.3.4]/, ::ffff:1.2.3.4, 80",
    "http://1.2.3.4.example/, 1.2.3.4.example, 80",
  })
  void findsWhereARequestGoes(String url, String host, int port) throws StepFailure {
    HttpRequest request = RequestReader.read(call("{\"url\": \"" + url + "\"}"));

    assertThat(request.url().host()).isEqualTo(host);
    assertThat(request.url().port()).isEqualTo(port);
    assertThat(request.method()).isEqualTo("GET");
    assertThat(request.toString()).isEqualTo("Target[method=GET, host=" + host + "]");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "example.org/x",
        "/x",
        "//example.org/",
        "ftp://example.org/",
        "file:///etc/passwd",
        "http:example.org",
        "http://",
        "http:///x",
        "http://exa mple.org/",
        "http://example.org/a b",
        "http://example.org/\\u0000",
        "http://example.org:0/",
        "http://example.org:65536/",
        "http://example.org:-1/",
        "http://example.org:http/",
        "http://2130706433/",
        "http://0x7f.1/",
        "http://0x7f000001/",
        "http://0177.0.0.1/",
        "http://127.1/",
        "http://1.2.3.4.5/",
        "http://127.0.0.0x1/",
        "http://0/",
        "http://017700000001/",
        "http://0X7F.1/",
        "http://127.0x0.0.0x1/",
        "http://2130706433./",
        "http://\uff11\uff12\uff17.0.0.1/",
        "http://127\u30020\u30020\u30021/",
        "http://m\u00fcnchen.org/",
        "http://local%68ost/",
        "http://localhost%00.org/",
        "http://localhost\\\\@example.org/",
        "http://example.org\\\\@localhost/",
        "http://example.org\\t/",
        "http://example.org/\\r\\nX: y",
        "http://[::1].example.org/",
        "http://[localhost]/",
        "http://127.0.0.1./",
        "http://169.254.169.254.:80/",
        "http://[::1",
        "http://user:secret@example.org/",
        "http://user@example.org/",
        "http://@example.org/",
        "http://user:secret@exa_mple/",
        "http://example.org@127.0.0.1/",
        "http://example.org%40127.0.0.1/",
        "http://user:secret%40@example.org:80@127.0.0.1/",
      })
  void refusesOtherUrls(String url) {
    StepError error = error("{\"url\": \"" + url + "\"}");

    assertThat(error.code()).isEqualTo(INVALID_INPUT);
    assertThat(error.message()).contains("URL");
    assertThat(error.toString()).doesNotContain("secret").doesNotContain("example");
  }

  @Test
  void needsAUrl() {
    assertThat(error("{}").code()).isEqualTo(MISSING_REQUIRED_FIELD);
    assertThat(error("{\"url\": 5}").code()).isEqualTo(INVALID_INPUT);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "TRACE",
        "CONNECT",
        "",
        " GET",
        "GET\\r\\nX: y",
        "GET / HTTP/1.1",
        "GET\\u0000",
        "FETCH"
      })
  void refusesOtherMethods(String method) {
    assertThat(error(withUrl("\"method\": \"" + method + "\"")).code()).isEqualTo(INVALID_INPUT);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[]",
        "5",
        "true",
        "\"\"",
        "\"X: y\"",
        "\"[]\"",
        "\"{} {}\"",
        "\"{\\\"X\\\": }\"",
        "\"{\\\"X\\\": \\\"\\ud800\\\"}\"",
        "{\"X\": 5}",
        "{\"X\": {\"a\": \"b\"}}",
        "{\"X\": [5]}",
        "{\"X\": [null]}",
        "{\"X\": [[\"a\"]]}",
      })
  void refusesHeadersThatCannotBeRead(String headers) {
    assertThat(error(withUrl("\"headers\": " + headers)).code()).isEqualTo(INVALID_FORMAT);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a\\r\\nX: y",
        "a\\nb",
        "a\\rb",
        "a\\u0000b",
        "gr\\u00fcn",
        "a\\u007fb",
        "a\\u010d\\u010aX: y",
        "a\\u2028b",
        "a\\u0085b",
        "\\u0001"
      })
  void refusesValuesThatCannotBeSent(String value) {
    StepError error = error(withUrl("\"headers\": {\"X-Key\": [\"ok\", \"" + value + "\"]}"));

    assertThat(error.code()).isEqualTo(INVALID_FORMAT);
    assertThat(error.details())
        .containsEntry("header", "X-Key")
        .containsEntry("field", "headers")
        .hasSize(2);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "X Y",
        "X:Y",
        "X\\r\\nY",
        "X\\u0000",
        "gr\\u00fcn",
        "X\\\"",
        "X/Y",
        ":authority",
        " Host",
        "Host ",
        "Content-Length\\t"
      })
  void refusesNamesThatCannotBeSent(String name) {
    assertThat(error(withUrl("\"headers\": {\"" + name + "\": \"v\"}")).code())
        .isEqualTo(INVALID_FORMAT);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Host",
        "content-length",
        "TRANSFER-ENCODING",
        "Connection",
        "Upgrade",
        "Keep-Alive",
        "TE",
        "Trailer",
        "Expect",
        "Proxy-Authorization",
        "Proxy-Connection",
        "HTTP2-Settings",
      })
  void refusesHeadersOfTheClientItself(String name) {
    StepError error = error(withUrl("\"headers\": {\"" + name + "\": \"secret\"}"));

    assertThat(error.code()).isEqualTo(INVALID_INPUT);
    assertThat(error.details()).containsEntry("header", name);
    assertThat(error.toString()).doesNotContain("secret");
  }

  @Test
  void keepsWhatCouldBeSecretOutOfItsText() {
    assertThat(new Header("Authorization", "secret").toString()).doesNotContain("secret");
  }

  private static String withUrl(String more) {
    return "{\"url\": \"http://example.org/\", " + more + "}";
  }

  private static StepError error(String payload) {
    return catchThrowableOfType(StepFailure.class, () -> RequestReader.read(call(payload))).error();
  }

  private static BlockCall call(String payload) {
    return new BlockCall(
        "assignment-1",
        new RawJson(payload),
        OperationTimeouts.cp1(Duration.ofSeconds(1)),
        Deadline.never(),
        false);
  }
}
