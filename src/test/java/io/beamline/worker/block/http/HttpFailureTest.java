package io.beamline.worker.block.http;

import static io.beamline.worker.contract.ErrorCode.HTTP_ERROR;
import static io.beamline.worker.contract.ErrorCode.NETWORK_ERROR;
import static io.beamline.worker.contract.ErrorCode.QUOTA_EXCEEDED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.beamline.worker.block.StepFailure;
import io.beamline.worker.contract.ErrorType;
import io.beamline.worker.contract.RouterRules;
import io.beamline.worker.contract.StepError;
import io.beamline.worker.support.MisbehavingHttpServer;
import io.beamline.worker.support.Misbehaviour;
import io.beamline.worker.timeout.Deadline;
import io.netty.resolver.dns.SingletonDnsServerAddressStreamProvider;
import java.io.IOException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

@Timeout(20)
class HttpFailureTest {

  private final MisbehavingHttpServer server = MisbehavingHttpServer.start();
  private final HttpFixture http = HttpFixture.plain();

  @AfterEach
  void close() throws IOException {
    http.close();
    server.close();
  }

  @ParameterizedTest
  @ValueSource(ints = {500, 501, 502, 503, 504, 599})
  void serverErrorsAreTheProvidersFaultAndRetryable(int status) {
    server.always(Misbehaviour.answer(status, "secret"));

    StepError error = http.failure(server.url("/")).error();

    assertThat(error.code()).isEqualTo(HTTP_ERROR);
    assertThat(error.type()).isEqualTo(ErrorType.SERVER_ERROR);
    assertThat(error.message()).isEqualTo("HTTP request failed with status: " + status);
    assertThat(error.retryable()).isTrue();
    assertThat(error.details().toString())
        .isEqualTo("{status_code=" + status + ", method=GET, host=localhost}");
  }

  @ParameterizedTest
  @ValueSource(ints = {300, 301, 302, 304, 307, 400, 401, 404, 408, 409, 422, 429, 451, 600, 999})
  void otherStatusesAreTheRequestsFault(int status) {
    server.always(Misbehaviour.answer(status, "secret", "Location: " + server.url("/other")));

    StepError error = http.failure(server.url("/")).error();

    assertThat(error.code()).isEqualTo(HTTP_ERROR);
    assertThat(error.type()).isEqualTo(ErrorType.CLIENT_ERROR);
    assertThat(RouterRules.looksLikeProviderFault(error.message())).isFalse();
    assertThat(error.message()).doesNotContain("HTTP_ERROR");
    assertThat(error.retryable()).isEqualTo(status == 408 || status == 429);
    assertThat(error.details()).containsEntry("status_code", status);
    assertThat(server.requests()).hasSize(1);
  }

  @Test
  void anAnswerThatIsOnlyAnnouncedIsWaitedFor() throws Exception {
    String hints = "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n";
    String real = "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nreal";
    server.then(Misbehaviour.raw(hints + "HTTP/1.1 102 Processing\r\n\r\n" + real));
    server.always(Misbehaviour.answer(200, "next"));
    String call = "{\"url\": \"" + server.url("/") + "\"}";

    assertThat(http.outputs(call)).containsEntry("body", "real");
    await().until(() -> server.open() == 0);
    assertThat(http.outputs(call)).containsEntry("body", "next");
  }

  @Test
  void passesOnRetryAfter() {
    server.always(Misbehaviour.answer(503, "", "Retry-After: 7"));

    assertThat(http.failure(server.url("/")).retryAfter()).isEqualTo(Duration.ofSeconds(7));
  }

  static List<Misbehaviour> broken() {
    return List.of(
        Misbehaviour.closeEarly(),
        Misbehaviour.reset(),
        Misbehaviour.truncate(200),
        Misbehaviour.raw("HTTP/1.1 200 OK\r\nContent-Le"),
        Misbehaviour.raw("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel"),
        Misbehaviour.raw("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nwhat\r\n\r\n"),
        Misbehaviour.raw("HTTP/1.1 99 Odd\r\nContent-Length: 0\r\n\r\n"),
        Misbehaviour.raw("SSH-2.0-OpenSSH\r\n"));
  }

  @ParameterizedTest
  @MethodSource("broken")
  void aBrokenAnswerIsANetworkError(Misbehaviour behaviour) {
    server.always(behaviour);

    StepError error = http.failure(server.url("/")).error();

    assertThat(error.code()).isEqualTo(NETWORK_ERROR);
    assertThat(error.type()).isEqualTo(ErrorType.CONNECTION_ERROR);
    assertThat(error.retryable()).isTrue();
    assertThat(server.requests()).as("never sent again behind one's back").hasSize(1);
  }

  @Test
  void aTruncatedErrorAnswerIsStillThatError() {
    server.always(Misbehaviour.truncate(502));

    assertThat(http.failure(server.url("/")).error().details()).containsEntry("status_code", 502);
  }

  @Test
  void aRefusedConnectionIsANetworkError() throws IOException {
    String url = server.url("/");
    server.close();

    StepError error = http.failure(url).error();

    assertThat(error.code()).isEqualTo(NETWORK_ERROR);
    assertThat(error.retryable()).isTrue();
  }

  @Test
  void anUnknownHostIsANetworkError() {
    NameLookup nobody =
        (host, loop) -> CompletableFuture.failedFuture(new UnknownHostException(host));
    try (HttpFixture lost = HttpFixture.with(nobody, HttpFixture.NO_RULES)) {
      StepError error = lost.failure("http://nowhere.example/").error();

      assertThat(error.code()).isEqualTo(NETWORK_ERROR);
      assertThat(error.message()).isEqualTo("The host is unknown");
      assertThat(error.retryable()).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"nowhere.example", "my_service", "_x.my_net.", "b\u00fccher.test", "a.1"})
  void aNameThatNoNameServerKnowsIsANetworkError(String host) throws Exception {
    try (FickleNameServer empty = new FickleNameServer();
        DnsLookup names =
            new DnsLookup(new SingletonDnsServerAddressStreamProvider(empty.address()));
        HttpFixture lost = HttpFixture.with(names, HttpFixture.NO_RULES)) {
      StepError error = lost.failure("http://" + host + "/").error();

      assertThat(error.code()).isEqualTo(NETWORK_ERROR);
      assertThat(error.message()).isEqualTo("The host is unknown");
      assertThat(error.retryable()).isTrue();
    }
  }

  @Test
  void aConnectionThatWentStaleIsReplaced() throws Exception {
    http.outputs("{\"url\": \"" + server.url("/") + "\"}");
    server.closeConnections();
    await().until(() -> server.open() == 0);

    await()
        .atMost(Duration.ofSeconds(5))
        .ignoreExceptionsMatching(StepFailure.class::isInstance)
        .until(() -> http.outputs("{\"url\": \"" + server.url("/") + "\"}") != null);
  }

  static List<Misbehaviour> oversized() {
    return List.of(
        Misbehaviour.endlessBody(200),
        Misbehaviour.stallInsideBody(200, (int) HttpFixture.MAX_BODY + 1),
        Misbehaviour.raw("HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n"),
        Misbehaviour.raw("HTTP/1.1 200 OK\r\nX-Long: " + "x".repeat(70_000) + "\r\n\r\n"));
  }

  @ParameterizedTest
  @MethodSource("oversized")
  void aResponseOverItsLimitIsCutWhileItArrives(Misbehaviour behaviour) {
    server.always(behaviour);

    StepError error = http.failure(server.url("/")).error();

    assertThat(error.code()).isEqualTo(QUOTA_EXCEEDED);
    assertThat(error.retryable()).isFalse();
    await().atMost(Duration.ofSeconds(5)).until(() -> server.open() == 0);
  }

  @Test
  void oneByteOverTheLimitIsTooMuch() {
    server.always(Misbehaviour.answer(200, new byte[(int) HttpFixture.MAX_BODY + 1]));

    assertThat(http.failure(server.url("/")).error().code()).isEqualTo(QUOTA_EXCEEDED);
  }

  @ParameterizedTest
  @MethodSource("unpublishable")
  void aResponseThatNoResultCouldCarryIsCutWhileItArrivesAndNotAskedForAgain(
      Misbehaviour behaviour) {
    server.always(behaviour);
    try (HttpFixture small = HttpFixture.plain()) {
      small.maxResult = 1_000;

      StepFailure failure = small.failure(server.url("/"));

      assertThat(failure.error().code()).isEqualTo(QUOTA_EXCEEDED);
      assertThat(failure.error().message()).isEqualTo("The result is larger than the server takes");
      assertThat(failure.error().details()).containsEntry("max_size", 1_000L);
      assertThat(failure.isRetryAllowed()).isFalse();
      await().atMost(Duration.ofSeconds(5)).until(() -> server.open() == 0);
    }
  }

  static List<Misbehaviour> unpublishable() {
    return List.of(Misbehaviour.stallInsideBody(200, 1_001), Misbehaviour.endlessBody(200));
  }

  @Test
  void aResponseOfExactlyTheLimitIsTaken() throws Exception {
    server.always(Misbehaviour.answer(200, "x".repeat((int) HttpFixture.MAX_BODY)));

    assertThat(http.outputs("{\"url\": \"" + server.url("/") + "\"}"))
        .containsEntry("body", "x".repeat((int) HttpFixture.MAX_BODY));
  }

  @Test
  void theLimitDoesNotConcernABodyThatIsNotSent() throws Exception {
    server.always(Misbehaviour.answer(200, new byte[(int) HttpFixture.MAX_BODY + 1]));

    assertThat(
            http.outputs("{\"method\": \"HEAD\", \"url\": \"" + server.url("/") + "\"}")
                .get("status_code"))
        .isEqualTo(200);
  }

  @Test
  void anEndlessErrorBodyIsNotRead() {
    server.always(Misbehaviour.endlessBody(500));

    assertThat(http.failure(server.url("/")).error().code()).isEqualTo(HTTP_ERROR);
    await().atMost(Duration.ofSeconds(5)).until(() -> server.open() == 0);
  }

  @Test
  @ExtendWith(OutputCaptureExtension.class)
  void whatTheJobSendsOrGetsIsInNoErrorAndNoLog(CapturedOutput output) {
    server.then(
        Misbehaviour.answer(500, "hush"),
        Misbehaviour.truncate(200),
        Misbehaviour.reset(),
        Misbehaviour.endlessBody(200));
    for (int i = 0; i < 4; i++) {
      StepFailure failure =
          http.failureOf(
              """
              {"url": "%s", "method": "POST", "body": "hush", "headers": {"X-Key": "hush"}}
              """
                  .formatted(server.url("/hush?q=hush")),
              HttpFixture.within(Duration.ofSeconds(10)),
              Deadline.never());
      assertThat(failure.error().toString()).doesNotContain("hush");
    }
    assertThat(output.getAll()).doesNotContain("hush");
  }
}
