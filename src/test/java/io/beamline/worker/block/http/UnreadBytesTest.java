package io.beamline.worker.block.http;

import static io.beamline.worker.contract.ErrorCode.HTTP_ERROR;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.beamline.worker.block.StepFailure;
import io.beamline.worker.support.MisbehavingHttpServer;
import io.beamline.worker.support.Misbehaviour;
import io.beamline.worker.timeout.Deadline;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Bytes that follow a response close their connection; no later step reads them. */
@Timeout(30)
class UnreadBytesTest {

  private static final int LATER_STEPS = 8;

  private final MisbehavingHttpServer server =
      MisbehavingHttpServer.start().always(Misbehaviour.answer(200, "in"));

  private final HttpFixture http = HttpFixture.plain();

  @AfterEach
  void close() throws IOException {
    http.close();
    server.close();
  }

  static Stream<Arguments> followed() {
    String ok = "HTTP/1.1 200 OK\r\n";
    String evil = ok + "Content-Length: 4\r\n\r\nevil";
    List<String> rests = List.of("x", "\r\n", "0\r\n\r\n", "{\"a\": 1}", evil);
    return Stream.of(
            List.of("GET", "HTTP/1.1 204 No Content\r\n\r\n"),
            List.of("GET", "HTTP/1.1 204 No Content\r\nTransfer-Encoding: chunked\r\n\r\n"),
            List.of("GET", "HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n"),
            List.of("HEAD", ok + "Content-Length: 5\r\n\r\n"),
            List.of("HEAD", ok + "Transfer-Encoding: chunked\r\n\r\n"),
            List.of("GET", ok + "Content-Length: 0\r\n\r\n"),
            List.of("GET", ok + "Content-Length: 2\r\n\r\nin"),
            List.of("GET", ok + "Transfer-Encoding: chunked\r\n\r\n2\r\nin\r\n0\r\n\r\n"),
            List.of("POST", "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n"),
            List.of("GET", "HTTP/1.1 404 Not Found\r\nContent-Length: 2\r\n\r\nno"),
            List.of("GET", "HTTP/1.1 101 Switching Protocols\r\nUpgrade: odd\r\n\r\n"))
        .flatMap(
            first -> rests.stream().map(rest -> Arguments.of(first.get(0), first.get(1), rest)));
  }

  @ParameterizedTest
  @MethodSource("followed")
  void aLaterStepNeverPaysForThem(String method, String response, String rest) throws Exception {
    server.then(Misbehaviour.rawAndKeep(response + rest));

    first(method);

    laterStepsAreWell();
  }

  @ParameterizedTest
  @MethodSource("followed")
  void theirConnectionIsClosed(String method, String response, String rest) {
    server.then(Misbehaviour.rawAndKeep(response + rest));

    first(method);

    await().until(() -> server.open() == 0);
  }

  static Stream<Arguments> followedLater() {
    return followed().filter(UnreadBytesTest::isWithoutBody);
  }

  private static boolean isWithoutBody(Arguments first) {
    String text = Arrays.toString(first.get());
    return text.startsWith("[HEAD") || text.contains(" 204 ") || text.contains(" 304 ");
  }

  @ParameterizedTest
  @MethodSource("followedLater")
  void norWhenTheyComeAMomentLater(String method, String response, String rest) throws Exception {
    server.then(Misbehaviour.rawThen(response, 100, rest));

    first(method);

    laterStepsAreWell();
  }

  @ParameterizedTest
  @MethodSource("followed")
  void norWhenTheyComeWhileTheConnectionIsIdle(String method, String response, String rest)
      throws Exception {
    server.then(Misbehaviour.rawThen(response, 20, rest));

    first(method);

    await().until(() -> server.open() == 0);
    laterStepsAreWell();
  }

  @Test
  void aConnectionIsKeptAfterAResponseWithoutABody() {
    server.always(Misbehaviour.answer(204, ""));

    await()
        .pollInterval(Duration.ofMillis(600)) // longer than a connection is held back
        .atMost(Duration.ofSeconds(10))
        .until(
            () -> {
              int before = server.accepted();
              http.outputs(payload("GET"));
              return before > 0 && server.accepted() == before;
            });
  }

  @Test
  void aResponseThatIsNotHttpClosesItsConnection() throws Exception {
    server.then(Misbehaviour.rawAndKeep("SSH-2.0-OpenSSH\r\n"));

    first("GET");

    await().until(() -> server.open() == 0);
    laterStepsAreWell();
  }

  @Test
  void aStatusIsKnownAlthoughBytesFollow() {
    server.then(Misbehaviour.rawAndKeep("HTTP/1.1 503 Busy\r\nContent-Length: 2\r\n\r\nnorest"));

    StepFailure failure = http.failure(server.url("/"));

    assertThat(failure.error().code()).isEqualTo(HTTP_ERROR);
    assertThat(failure.error().details()).containsEntry("status_code", 503);
  }

  /** Whatever becomes of it. */
  private void first(String method) {
    http.failureOf(payload(method), HttpFixture.within(Duration.ofSeconds(10)), Deadline.never());
  }

  private void laterStepsAreWell() throws Exception {
    for (int i = 0; i < LATER_STEPS; i++) {
      assertThat(http.outputs(payload("GET"))).containsEntry("body", "in");
    }
  }

  private String payload(String method) {
    return "{\"url\": \"" + server.url("/") + "\", \"method\": \"" + method + "\"}";
  }
}
