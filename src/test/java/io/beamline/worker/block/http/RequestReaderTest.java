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
import io.beamline.worker.support.Calls;
import io.beamline.worker.timeout.Deadline;
import io.beamline.worker.timeout.OperationTimeouts;
import java.net.URI;
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
    "http://my_service/, my_service, 80",
    "https://My_Service.:8080/x, my_service, 8080",
    "http://_http._tcp.example/, _http._tcp.example, 80",
    "http://-a.b-.example/, -a.b-.example, 80",
    "http://web.1/, web.1, 80",
    "http://web.0x1/, web.0x1, 80",
    "http://9th.2nd/, 9th.2nd, 80",
    "http://B\u00fccher.test/, xn--bcher-kva.test, 80",
    "http://bu\u0308cher.test/, xn--bcher-kva.test, 80",
    "http://XN--bcher-kva.test/, xn--bcher-kva.test, 80",
    "http://stra\u00dfe.test./, xn--strae-oqa.test, 80",
    "http://b\u00fccher\u3002test:81, xn--bcher-kva.test, 81",
    "http://m\u00fcnchen_1.test/, xn--mnchen_1-65a.test, 80",
    "http://\u65e5\u672c.test/, xn--wgv71a.test, 80",
    "http://\ud83d\udca9.test/, xn--ls8h.test, 80",
    "http://example.org:/x, example.org, 80",
    "http://example.org:0080/x, example.org, 80",
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
        "http://010.0.0.1/",
        "http://127.0.0.08/",
        "http://0x/",
        "http://a..b/",
        "http://.a/",
        "http://a*b/",
        "http://a~b/",
        "http://b\u00fc..cher/",
        "http://b\u00fc\uff0fcher/",
        "http://b\u00fc\uff20cher/",
        "http://b\u00fc\uff1a80/",
        "http://b\u00fccher\u200d.test/",
        "http://xn--a\u00fc.test/",
        "http://example.org/\\ud83d",
        "http://example.org/?q=\\udc00x",
        "http://\\ud83d.org/",
        "http://example.org:+80/",
        "http://example.org:\uff18\uff10/",
        "http://example.org:80:80/",
        "http://[fe80::1%25]x/",
        "http://[1.2.3.4]/",
        "http://[]/",
        "http://[::g]/",
        "http://\\u0000example.org/",
        "http://example.org/%zz",
        "http://a23456789a123456789a123456789a123456789a123456789a123456789a1234/",
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

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      value = {
        "http://a/\u00fc?\u00fc#\u00fc, /%C3%BC?%C3%BC",
        "http://a/u\u0308, /u%CC%88",
        "http://a/%75%cc%88/%2f/%2E%2e/%FF, /%75%cc%88/%2f/%2E%2e/%FF",
        "http://a/\u212b/\ufb01/\u00df, /%E2%84%AB/%EF%AC%81/%C3%9F",
        "http://a/\u3000\u00a0\u2028\u0085\ufeff, /%E3%80%80%C2%A0%E2%80%A8%C2%85%EF%BB%BF",
        "http://a/\ud83d\udca9, /%F0%9F%92%A9",
        "http://a//b/./../c;p=1?a=b+c&d[]=/?, //b/./../c;p=1?a=b+c&d[]=/?",
        "http://a?\u00fc, ?%C3%BC",
      })
  void pathAndQueryKeepTheirCharacters(String url, String sent) throws StepFailure {
    URI uri = RequestReader.read(call("{\"url\": \"" + url + "\"}")).url().uri();

    String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
    assertThat(uri.getRawPath() + query).isEqualTo(sent);
  }

  @ParameterizedTest
  @CsvSource({
    "http://Example.org/, Example.org",
    "http://example.org:80/, example.org",
    "https://example.org:80/, example.org:80",
    "http://example.org:443/, example.org:443",
    "https://example.org:443/, example.org",
    "http://[fe80::1%25eth0]:81/, [fe80::1]:81",
    "http://[::1]/, [::1]",
    "http://my_service:8080/, my_service:8080",
    "http://b\u00fccher.test/, xn--bcher-kva.test",
  })
  void theHostHeaderNamesTheAuthority(String url, String header) throws StepFailure {
    assertThat(RequestReader.read(call("{\"url\": \"" + url + "\"}")).url().hostHeader())
        .isEqualTo(header);
  }

  @Test
  void requiresAUrl() {
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
        "FETCH",
        "po\u017ft",
        "opt\u0131ons"
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
        "\"{\\\"X\\\": \\\"a\\\", \\\"X\\\": \\\"b\\\"}\"",
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
    return Calls.of(
        "assignment-1",
        new RawJson(payload),
        OperationTimeouts.cp1(Duration.ofSeconds(1)),
        Deadline.never(),
        false);
  }
}
