package io.beamline.worker.block.http;

import static io.beamline.worker.block.http.HttpFixture.NO_RULES;
import static io.beamline.worker.block.http.HttpFixture.apart;
import static io.beamline.worker.block.http.HttpFixture.deadlineIn;
import static io.beamline.worker.block.http.HttpFixture.within;
import static io.beamline.worker.contract.ErrorCode.CANCELLED_BY_TIMEOUT;
import static io.beamline.worker.contract.ErrorCode.CONNECTION_TIMEOUT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.beamline.worker.block.StepFailure;
import io.beamline.worker.contract.ErrorCode;
import io.beamline.worker.contract.StepStatus;
import io.beamline.worker.support.FullBacklog;
import io.beamline.worker.support.MisbehavingHttpServer;
import io.beamline.worker.support.Misbehaviour;
import io.beamline.worker.timeout.Deadline;
import io.beamline.worker.timeout.TimeSource;
import java.io.IOException;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(20)
class HttpTimeoutTest {

  private static final Duration SHORT = Duration.ofMillis(200);
  private static final Duration LONG = Duration.ofSeconds(15);

  private final MisbehavingHttpServer server = MisbehavingHttpServer.start();
  private final HttpFixture http = HttpFixture.plain();

  @AfterEach
  void close() throws IOException {
    http.close();
    server.close();
  }

  static List<Misbehaviour> neverEnding() {
    return List.of(
        Misbehaviour.stallBeforeHeaders(),
        Misbehaviour.stallInsideBody(200, 10),
        Misbehaviour.dribble(20));
  }

  @ParameterizedTest
  @MethodSource("neverEnding")
  void theAttemptsTimeoutCutsWhateverTheServerDoes(Misbehaviour behaviour) {
    server.always(behaviour);

    StepFailure failure = timed(() -> http.failure(server.url("/"), within(SHORT), forever()));

    assertCut(failure, CONNECTION_TIMEOUT, "total");
    assertThat(failure.error().retryable()).isTrue();
    connectionsAreClosed();
  }

  @ParameterizedTest
  @MethodSource("neverEnding")
  void theResponseTimeoutCutsWhateverTheServerDoes(Misbehaviour behaviour) {
    server.always(behaviour);

    StepFailure failure = timed(() -> http.failure(server.url("/"), apart(LONG, SHORT), forever()));

    assertCut(failure, CONNECTION_TIMEOUT, "response");
    assertThat(failure.error().details()).containsEntry("timeout_ms", SHORT.toMillis());
    connectionsAreClosed();
  }

  @ParameterizedTest
  @MethodSource("neverEnding")
  void theDeadlineCutsWhateverTheServerDoes(Misbehaviour behaviour) {
    server.always(behaviour);

    StepFailure failure =
        timed(() -> http.failure(server.url("/"), apart(LONG, LONG), deadlineIn(SHORT)));

    assertCut(failure, CANCELLED_BY_TIMEOUT, "total");
    assertThat(failure.error().retryable()).isFalse();
    connectionsAreClosed();
  }

  @Test
  void nothingIsSentOnceTheDeadlineHasPassed() {
    StepFailure failure = http.failure(server.url("/"), within(LONG), deadlineIn(Duration.ZERO));

    assertCut(failure, CANCELLED_BY_TIMEOUT, "total");
    assertThat(server.accepted()).isZero();
  }

  @Test
  void aLookupThatHangsRunsIntoTheConnectTimeout() {
    try (HttpFixture stuck =
        HttpFixture.with((host, loop) -> new CompletableFuture<>(), NO_RULES)) {
      StepFailure failure =
          timed(() -> stuck.failure("http://stuck.example/", apart(SHORT, LONG), forever()));

      assertCut(failure, CONNECTION_TIMEOUT, "connect");
    }
  }

  @Test
  void aConnectThatHangsRunsIntoTheConnectTimeout() throws IOException {
    try (FullBacklog full = FullBacklog.fill()) {
      StepFailure failure = timed(() -> http.failure(full.url(), apart(SHORT, LONG), forever()));

      assertCut(failure, CONNECTION_TIMEOUT, "connect");
    }
  }

  @Test
  void aHandshakeThatHangsRunsIntoItsTimeoutAndItsConnectionIsClosed() {
    String url = server.mute().url("/").replace("http:", "https:");

    StepFailure failure = timed(() -> http.failure(url, apart(SHORT, LONG), forever()));

    assertCut(failure, CONNECTION_TIMEOUT, "handshake");
    connectionsAreClosed();
  }

  @Test
  void aHandshakeThatHangsIsClosedWhenTheAttemptIsCut() {
    String url = server.mute().url("/").replace("http:", "https:");

    StepFailure failure = timed(() -> http.failure(url, within(SHORT), forever()));

    assertCut(failure, CONNECTION_TIMEOUT, "total");
    connectionsAreClosed();
  }

  @ParameterizedTest
  @MethodSource("neverEnding")
  void anInterruptFreesTheThreadAndClosesTheConnection(Misbehaviour behaviour) throws Exception {
    server.always(behaviour);
    FutureTask<Object> task =
        new FutureTask<>(
            () -> http.run("{\"url\":\"" + server.url("/") + "\"}", within(LONG), forever()));
    Thread thread = Thread.ofPlatform().start(task);
    await().until(() -> !server.requests().isEmpty());

    thread.interrupt();

    Assertions.assertThatThrownBy(() -> task.get(5, TimeUnit.SECONDS))
        .isInstanceOf(ExecutionException.class)
        .hasCauseInstanceOf(InterruptedException.class);
    connectionsAreClosed();
  }

  @Test
  void aCutAttemptDoesNotHarmTheNext() throws Exception {
    server.then(Misbehaviour.stallInsideBody(200, 10));
    http.failure(server.url("/"), within(SHORT), forever());

    assertThat(http.outputs("{\"url\":\"" + server.url("/") + "\"}").get("status_code"))
        .isEqualTo(200);
  }

  @Test
  void manyAttemptsAreCutAtOnceAndLeaveNothingBehind() throws Exception {
    server.always(Misbehaviour.stallInsideBody(200, 10));
    try (ExecutorService callers = Executors.newFixedThreadPool(64)) {
      Callable<StepFailure> call = () -> http.failure(server.url("/"), within(SHORT), forever());
      for (Future<StepFailure> failure : callers.invokeAll(Collections.nCopies(256, call))) {
        assertThat(failure.get().error().code()).isEqualTo(CONNECTION_TIMEOUT);
      }
    }
    await().atMost(Duration.ofSeconds(5)).until(() -> server.open() == 0);

    server.always(Misbehaviour.answer(200, "in"));
    assertThat(http.outputs("{\"url\":\"" + server.url("/") + "\"}")).containsEntry("body", "in");
  }

  @Test
  void aStalledErrorBodyIsNotWaitedFor() {
    server.always(Misbehaviour.stallInsideBody(503, 10));

    StepFailure failure = timed(() -> http.failure(server.url("/"), within(LONG), forever()));

    assertThat(failure.error().code()).isEqualTo(ErrorCode.HTTP_ERROR);
    connectionsAreClosed();
  }

  private static void assertCut(StepFailure failure, ErrorCode code, String timeoutType) {
    assertThat(failure.error().code()).isEqualTo(code);
    assertThat(failure.error().status()).isEqualTo(StepStatus.TIMEOUT);
    Map<String, Object> details = failure.error().details();
    assertThat(details)
        .containsEntry("operation_type", "http")
        .containsEntry("timeout_type", timeoutType)
        .containsKeys("timeout_ms", "elapsed_ms", "method", "host");
  }

  private void connectionsAreClosed() {
    await().atMost(Duration.ofSeconds(5)).until(() -> server.open() == 0);
    // On a busy machine the time may be over before a connection is made.
    assertThat(server.accepted()).isLessThanOrEqualTo(1);
  }

  /** Fails when a call that should be cut after {@link #SHORT} takes near to {@link #LONG}. */
  private static StepFailure timed(Supplier<StepFailure> call) {
    long start = TimeSource.system().nanos();
    StepFailure failure = call.get();
    assertThat(Duration.ofNanos(TimeSource.system().nanos() - start))
        .isLessThan(Duration.ofSeconds(5));
    return failure;
  }

  private static Deadline forever() {
    return Deadline.never();
  }
}
