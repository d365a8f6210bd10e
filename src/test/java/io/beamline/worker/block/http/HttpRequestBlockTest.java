package io.beamline.worker.block.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.beamline.worker.contract.ResourcePool;
import io.beamline.worker.support.MisbehavingHttpServer;
import io.beamline.worker.support.Misbehaviour;
import io.beamline.worker.support.ReceivedRequest;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(20)
class HttpRequestBlockTest {

  private final MisbehavingHttpServer server = MisbehavingHttpServer.start();
  private final HttpFixture http = HttpFixture.plain();

  @AfterEach
  void close() throws IOException {
    http.close();
    server.close();
  }

  @Test
  void isAnIoBlockWithAnAlias() {
    assertThat(http.type().name()).isEqualTo("http.request");
    assertThat(http.type().aliases()).containsExactly("http");
    assertThat(http.type().pool()).isEqualTo(ResourcePool.IO);
  }

  @Test
  void givesStatusHeadersAndBody() throws Exception {
    server.always(Misbehaviour.answer(201, "grüße", "X-One: 1", "x-one: 2", "Set-Cookie: a=b"));

    Map<String, ?> outputs = http.outputs(payload(""));

    assertThat(outputs.keySet()).containsExactly("status_code", "headers", "body", "body_encoding");
    assertThat(outputs.get("status_code")).isEqualTo(201);
    assertThat(outputs.get("body")).isEqualTo("grüße");
    assertThat(outputs.get("body_encoding")).isEqualTo("utf-8");
    assertThat(outputs.get("headers"))
        .isEqualTo(
            Map.of(
                "Content-Length", List.of("7"),
                "Set-Cookie", List.of("a=b"),
                "X-One", List.of("1", "2")));
  }

  @Test
  void givesBytesThatAreNoTextAsBase64() throws Exception {
    server.always(Misbehaviour.answer(200, new byte[] {(byte) 0xff, 0, 1}, "Content-Type: !?"));

    Map<String, ?> outputs = http.outputs(payload(""));

    assertThat(outputs.get("body")).isEqualTo("/wAB");
    assertThat(outputs.get("body_encoding")).isEqualTo("base64");
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "post"})
  void supportsEveryMethod(String method) throws Exception {
    Map<String, ?> outputs = http.outputs(payload(", \"method\": \"" + method + "\""));

    assertThat(outputs.get("status_code")).isEqualTo(200);
    assertThat(outputs.get("body")).isEqualTo("");
    assertThat(request().method()).isEqualToIgnoringCase(method);
  }

  @Test
  void takesNoBodyFromAnswersThatHaveNone() throws Exception {
    server.then(Misbehaviour.answer(200, "12345"), Misbehaviour.answer(204, ""));

    assertThat(http.outputs(payload(", \"method\": \"HEAD\"")).get("body")).isEqualTo("");
    assertThat(http.outputs(payload("")).get("body")).isEqualTo("");
  }

  @Test
  void sendsTextAsText() throws Exception {
    http.outputs(payload(", \"method\": \"POST\", \"body\": \"grüße\""));

    assertThat(request().body()).isEqualTo("grüße");
    assertThat(request().header("Content-Type")).isEqualTo("text/plain;charset=UTF-8");
    assertThat(request().header("Content-Length")).isEqualTo("7");
  }

  @ParameterizedTest
  @ValueSource(strings = {"{ \"a\": [1.50, null] }", "[1, 2]", "12", "true"})
  void sendsAnyOtherJsonAsItCame(String json) throws Exception {
    http.outputs(payload(", \"method\": \"PUT\", \"body\": " + json));

    assertThat(request().body()).isEqualTo(json);
    assertThat(request().header("Content-Type")).isEqualTo("application/json");
  }

  @Test
  void sendsTheJobsHeaders() throws Exception {
    http.outputs(
        payload(
            """
            , "method": "POST", "body": {}, "headers":
              {"content-type": "odd", "X-Many": ["a", "b"], "USER-AGENT": "mine", "X-Null": null}
            """));

    assertThat(request().header("Content-Type")).isEqualTo("odd");
    assertThat(request().header("User-Agent")).isEqualTo("mine");
    assertThat(request().headers().get("X-Many")).containsExactly("a", "b");
    assertThat(request().headers()).doesNotContainKey("X-Null");
  }

  @Test
  void takesHeadersAsJsonText() throws Exception {
    http.outputs(payload(", \"headers\": \"{\\\"X-A\\\": \\\"1\\\"}\""));

    assertThat(request().header("X-A")).isEqualTo("1");
  }

  @Test
  void sendsItsUserAgentAndNoOtherHeaders() throws Exception {
    http.outputs(payload(""));

    assertThat(request().header("User-Agent")).isEqualTo("beamline-worker");
    assertThat(request().headers()).containsOnlyKeys("Host", "User-Agent", "Accept");
  }

  @Test
  void sendsTheIdempotencyKeyWhenAskedTo() throws Exception {
    http.outputs(payload(""), true);

    assertThat(request().header("Idempotency-Key")).isEqualTo(HttpFixture.ASSIGNMENT);
  }

  @Test
  void leavesTheJobsOwnIdempotencyKey() throws Exception {
    http.outputs(payload(", \"headers\": {\"idempotency-key\": \"own\"}"), true);

    assertThat(request().header("Idempotency-Key")).isEqualTo("own");
  }

  @ParameterizedTest
  @CsvSource({
    "'', /",
    "?q=1, /?q=1",
    "/a%20b/?q=%26#part, /a%20b/?q=%26",
    "/grün, /gr%C3%BCn",
    "/a/../b//c, /a/../b//c",
  })
  void sendsPathAndQueryAsTheyAre(String end, String target) throws Exception {
    http.outputs("{\"url\": \"HTTP://LOCALHOST:" + server.port() + end + "\"}");

    assertThat(request().target()).isEqualTo(target);
  }

  @ParameterizedTest
  @CsvSource({
    "my_service, my_service",
    "My_Service., My_Service.",
    "web.1, web.1",
    "-a.b-, -a.b-",
    "_http._tcp.example, _http._tcp.example",
    "b\u00fccher.test, xn--bcher-kva.test",
  })
  void reachesHostsThatDnsKnowsAndUrlsDoNot(String host, String sent) throws Exception {
    http.outputs("{\"url\": \"http://" + host + ":" + server.port() + "/x?y\"}");

    assertThat(request().header("Host")).isEqualTo(sent + ":" + server.port());
    assertThat(request().target()).isEqualTo("/x?y");
  }

  @ParameterizedTest
  @CsvSource({"//a, //a", "//b.example:1/x, //b.example:1/x", "/:x, /:x", "?//, /?//"})
  void aPathIsNotTakenForAHost(String end, String target) throws Exception {
    http.outputs("{\"url\": \"" + server.url("") + end + "\"}");

    assertThat(request().target()).isEqualTo(target);
    assertThat(request().header("Host")).isEqualTo("localhost:" + server.port());
  }

  @Test
  void keepsConnectionsAndForgetsCookies() throws Exception {
    server.always(Misbehaviour.answer(200, "x", "Set-Cookie: a=b"));

    for (int i = 0; i < 20; i++) {
      http.outputs(payload(""));
    }

    assertThat(server.accepted()).as("connections").isLessThan(20);
    assertThat(server.requests()).allMatch(request -> request.header("Cookie") == null);
  }

  @Test
  void keepsTheConnectionOfASmallErrorAnswer() {
    server.always(Misbehaviour.answer(404, "not here"));

    for (int i = 0; i < 20; i++) {
      http.failure(server.url("/"));
    }

    assertThat(server.accepted()).as("connections").isLessThan(20);
  }

  private ReceivedRequest request() {
    assertThat(server.requests()).hasSize(1);
    return server.requests().getFirst();
  }

  private String payload(String more) {
    return "{\"url\": \"" + server.url("/") + "\"" + more + "}";
  }
}
