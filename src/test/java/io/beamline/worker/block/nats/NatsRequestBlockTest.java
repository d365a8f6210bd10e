package io.beamline.worker.block.nats;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.beamline.worker.block.StepFailure;
import io.beamline.worker.contract.ErrorCode;
import io.beamline.worker.contract.ErrorType;
import io.beamline.worker.contract.RawJson;
import io.beamline.worker.contract.ResourcePool;
import io.beamline.worker.destination.AttemptVerdict;
import io.beamline.worker.support.NatsListener;
import io.beamline.worker.support.NatsServer;
import io.beamline.worker.timeout.Deadline;
import io.beamline.worker.timeout.TimeSource;
import io.nats.client.Connection;
import io.nats.client.Message;
import io.nats.client.impl.Headers;
import io.nats.service.Service;
import io.nats.service.ServiceEndpoint;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests to services on a real server, and what becomes of each kind of reply. */
class NatsRequestBlockTest {

  private static final Duration SOON = Duration.ofSeconds(10);
  private static final int MIB = 1 << 20;
  private static final int MAX_PAYLOAD = 4 * MIB;
  private static final int MANY = 1_000;

  private static NatsServer nats;

  private final BlockingQueue<Message> requests = new LinkedBlockingQueue<>();
  private NatsRequestFixture block;
  private NatsListener service;

  @BeforeAll
  static void startServer() {
    nats = NatsServer.start("max_payload: " + MAX_PAYLOAD);
  }

  @AfterAll
  static void stopServer() {
    nats.close();
  }

  @BeforeEach
  void start() {
    block = new NatsRequestFixture(nats, "svc.>", "caf.>");
    service = NatsListener.on(nats, "svc.raw", requests::add);
  }

  @AfterEach
  void close() {
    assertThat(block.pending()).isZero();
    block.close();
    service.close();
  }

  @Test
  void isABlockOfThePoolIoWithEffects() {
    assertThat(block.block.type().name()).isEqualTo("nats.request");
    assertThat(block.block.type().pool()).isEqualTo(ResourcePool.IO);
    assertThat(block.block.hasEffects()).isTrue();
    assertThat(block.block.unavailable()).isEqualTo(ErrorCode.RESOURCE_UNAVAILABLE);
  }

  @ParameterizedTest
  @CsvSource({"svc.raw, nats:svc.raw", "other, ", "svc.*, ", "svc..x, ", "caf.exec.result.v1, "})
  void hasASubjectAsItsDestination(String subject, @Nullable String destination) {
    assertThat(
            block.block.destination(NatsRequestFixture.call("{\"subject\": \"" + subject + "\"}")))
        .isEqualTo(destination);
  }

  @Test
  void isServedByAServiceOfTheFramework() throws Exception {
    try (Connection connection = nats.connect()) {
      Service prices =
          Service.builder()
              .connection(connection)
              .name("prices")
              .version("1.0.0")
              .addServiceEndpoint(
                  ServiceEndpoint.builder()
                      .endpointName("price")
                      .endpointSubject("svc.price")
                      .handler(
                          request ->
                              request.respond(
                                  connection,
                                  request.getData(),
                                  new Headers().add("Seen", request.getHeaders().get("Asked"))))
                      .build())
              .addServiceEndpoint(
                  ServiceEndpoint.builder()
                      .endpointName("broken")
                      .endpointSubject("svc.broken")
                      .handler(request -> request.respondStandardError(connection, "no stock", 500))
                      .build())
              .build();
      Future<?> unused = prices.startService();
      assertThat(prices.isStarted(10, TimeUnit.SECONDS)).isTrue();
      connection.flush(SOON);

      Map<String, Object> outputs =
          block.outputs(
              "{\"subject\": \"svc.price\", \"headers\": {\"Asked\": [\"a\", \"b\"]},"
                  + " \"body\": {\"usage\":  {\"cost\": 0.250}}}");
      assertThat(outputs.keySet()).containsExactly("body", "body_encoding", "headers");
      assertThat(outputs.get("body")).isEqualTo(new RawJson("{\"usage\":  {\"cost\": 0.250}}"));
      assertThat(outputs.get("body_encoding")).isEqualTo("json");
      assertThat(outputs.get("headers")).isEqualTo(Map.of("Seen", List.of("a", "b")));

      StepFailure failure = block.failure("{\"subject\": \"svc.broken\"}");
      assertThat(failure.error().code()).isEqualTo(ErrorCode.EXECUTION_FAILED);
      assertThat(failure.error().details())
          .isEqualTo(Map.of("service_error_code", 500, "service_error", "no stock"));
      prices.stop();
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'{\"a\": 1.50}\n' | json | '{\"a\": 1.50}'",
        "42 | json | 42",
        "null | json | null",
        "'\"a\"' | json | '\"a\"'",
        "'' | utf-8 | ''",
        "plain \u00e9 | utf-8 | plain \u00e9",
        "'{\"a\": 1, \"a\": 2}' | utf-8 | '{\"a\": 1, \"a\": 2}'",
        "1 2 | utf-8 | 1 2"
      })
  void givesJsonAsItCameAndOtherTextAsText(String reply, String encoding, String body)
      throws Exception {
    Map<String, Object> outputs = outputsOf(reply.getBytes(UTF_8), null);
    assertThat(outputs.get("body_encoding")).isEqualTo(encoding);
    Object value = outputs.get("body");
    assertThat(value instanceof RawJson json ? json.text() : value).isEqualTo(body);
    assertThat(outputs.get("headers")).isEqualTo(Map.of());
  }

  @Test
  void givesBytesAsBase64() throws Exception {
    byte[] reply = {(byte) 0xFF, 0, 1, '{', '}'};
    Map<String, Object> outputs = outputsOf(reply, null);
    assertThat(outputs.get("body_encoding")).isEqualTo("base64");
    assertThat(outputs.get("body")).isEqualTo(Base64.getEncoder().encodeToString(reply));
  }

  @Test
  void takesRepliesOfAMebibyteAndMoreIfTheirResultCanBePublished() throws Exception {
    byte[] reply = ("\"" + "x".repeat(MIB) + "\"").getBytes(UTF_8);
    block.maxResult = 2 * MIB;
    assertThat(outputsOf(reply, null).get("body_encoding")).isEqualTo("json");

    block.maxResult = MIB;
    for (byte[] large : List.of(reply, "\u0001".repeat(MIB / 6 + 1).getBytes(UTF_8), bytes(MIB))) {
      StepFailure failure = failureOf(large, null);
      assertThat(failure.error().code()).isEqualTo(ErrorCode.QUOTA_EXCEEDED);
      assertThat(failure.isRetryAllowed()).isFalse();
      assertThat(failure.error().details().keySet()).containsExactlyInAnyOrder("size", "max_size");
      assertThat(failure.verdict()).isEqualTo(AttemptVerdict.NOTHING);
    }
  }

  @Test
  void refusesARequestThatTheServerDoesNotTake() throws Exception {
    String fitting = "x".repeat(MAX_PAYLOAD - 200);
    CompletableFuture<Map<String, Object>> outputs =
        start("{\"subject\": \"svc.raw\", \"body\": \"" + fitting + "\"}");
    Message request = nextRequest();
    assertThat(request.getData()).hasSize(fitting.length());
    reply(request, bytes(1), null);
    assertThat(outputs.get(10, TimeUnit.SECONDS)).containsKey("body");

    StepFailure failure =
        block.failure("{\"subject\": \"svc.raw\", \"body\": \"" + "x".repeat(MAX_PAYLOAD) + "\"}");
    assertThat(failure.error().code()).isEqualTo(ErrorCode.QUOTA_EXCEEDED);
    assertThat(failure.isRetryAllowed()).isFalse();
    assertThat(failure.error().details()).containsEntry("max_size", (long) MAX_PAYLOAD);
    assertThat(number(failure, "size")).isGreaterThan(MAX_PAYLOAD);
    assertThat(requests).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "400, false, WORKED",
    "404, false, WORKED",
    "429, true, WORKED",
    "499, false, WORKED",
    "500, true, FAILED",
    "503, true, FAILED",
    "1001, true, FAILED"
  })
  void failsWithTheErrorOfAService(int code, boolean retryable, AttemptVerdict verdict)
      throws Exception {
    String text = "x".repeat(300);
    StepFailure failure = failureOf(bytes(3), error(String.valueOf(code), text));
    assertThat(failure.error().code()).isEqualTo(ErrorCode.EXECUTION_FAILED);
    assertThat(failure.error().type()).isEqualTo(ErrorType.EXECUTION_ERROR);
    assertThat(failure.error().retryable()).isEqualTo(retryable);
    assertThat(failure.isRetryAllowed()).isTrue();
    assertThat(failure.verdict()).isEqualTo(verdict);
    assertThat(failure.error().details())
        .isEqualTo(Map.of("service_error_code", code, "service_error", text.substring(0, 256)));
  }

  @Test
  void takesAnErrorWhoseCodeIsNoNumberAndMakesItsTextPlain() throws Exception {
    StepFailure failure = failureOf(bytes(0), error("E_BAD", "a\tb"));
    assertThat(failure.error().details()).isEqualTo(Map.of("service_error", "a?b"));
    assertThat(failure.error().retryable()).isFalse();
    assertThat(failureOf(bytes(0), error("7777777777", "")).error().details()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"chunked", "Chunked"})
  void refusesAReplyInSeveralParts(String encoding) throws Exception {
    StepFailure failure = failureOf(bytes(3), new Headers().add("transfer-encoding", encoding));
    assertThat(failure.error().code()).isEqualTo(ErrorCode.EXECUTION_FAILED);
    assertThat(failure.error().message()).contains("several parts");
    assertThat(failure.error().retryable()).isFalse();
    assertThat(failure.isRetryAllowed()).isFalse();
    assertThat(failure.verdict()).isEqualTo(AttemptVerdict.WORKED);
  }

  @Test
  void failsAtOnceWhereNobodyListens() {
    long start = System.nanoTime();
    StepFailure failure = block.failure("{\"subject\": \"svc.nobody\"}");
    assertThat(failure.error().code()).isEqualTo(ErrorCode.NETWORK_ERROR);
    assertThat(failure.error().retryable()).isTrue();
    assertThat(failure.verdict()).isEqualTo(AttemptVerdict.FAILED);
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(SOON);
  }

  @ParameterizedTest
  @ValueSource(strings = {"other.subject", "caf.exec.assign.v1", "$JS.API.INFO", "_INBOX.a.b"})
  void refusesASubjectThatIsNotAllowed(String subject) {
    StepFailure failure = block.failure("{\"subject\": \"" + subject + "\"}");
    assertThat(failure.error().code()).isEqualTo(ErrorCode.PERMISSION_DENIED);
    assertThat(failure.error().details()).isEqualTo(Map.of("field", "subject"));
    assertThat(failure.verdict()).isEqualTo(AttemptVerdict.NOTHING);
  }

  @Test
  void endsAtItsTimeoutAndDropsTheLateReply() throws Exception {
    StepFailure failure = block.failure("{\"subject\": \"svc.raw\", \"timeout_ms\": 150}");
    assertThat(failure.error().code()).isEqualTo(ErrorCode.CONNECTION_TIMEOUT);
    assertThat(failure.verdict()).isEqualTo(AttemptVerdict.FAILED);
    assertThat(failure.error().details())
        .containsEntry("operation_type", "nats_request")
        .containsEntry("timeout_type", "response")
        .containsEntry("timeout_ms", 150L);
    assertThat(number(failure, "elapsed_ms")).isBetween(150L, 2_000L);
    assertThat(block.pending()).isZero();

    Message first = nextRequest();
    CompletableFuture<Map<String, Object>> second = start("{\"subject\": \"svc.raw\"}");
    Message next = nextRequest();
    reply(first, "\"late\"".getBytes(UTF_8), null);
    reply(first, "\"later\"".getBytes(UTF_8), null);
    first.getConnection().flush(SOON);
    reply(next, "\"own\"".getBytes(UTF_8), null);
    reply(next, "\"twice\"".getBytes(UTF_8), null);
    assertThat(second.get(10, TimeUnit.SECONDS).get("body")).isEqualTo(new RawJson("\"own\""));
  }

  @Test
  void keepsTheSettingAndTheDeadline() {
    Duration shortTime = Duration.ofMillis(120);
    String asked = "{\"subject\": \"svc.raw\", \"timeout_ms\": 60000}";
    StepFailure bySetting =
        NatsRequestFixture.failure(
            block.block, NatsRequestFixture.call(asked, shortTime, Deadline.never()));
    assertThat(bySetting.error().code()).isEqualTo(ErrorCode.CONNECTION_TIMEOUT);
    assertThat(bySetting.error().details()).containsEntry("timeout_ms", 120L);

    Deadline deadline = Deadline.after(TimeSource.system().nanos(), shortTime);
    StepFailure byDeadline =
        NatsRequestFixture.failure(
            block.block, NatsRequestFixture.call(asked, Duration.ofMinutes(1), deadline));
    assertThat(byDeadline.error().code()).isEqualTo(ErrorCode.CANCELLED_BY_TIMEOUT);
    assertThat(byDeadline.error().details())
        .containsEntry("operation_type", "nats_request")
        .containsEntry("timeout_type", "total");
    assertThat(number(byDeadline, "timeout_ms")).isBetween(0L, 120L);
    assertThat(requests).hasSize(2);

    StepFailure passed =
        NatsRequestFixture.failure(
            block.block, NatsRequestFixture.call(asked, shortTime, deadline));
    assertThat(passed.error().code()).isEqualTo(ErrorCode.CANCELLED_BY_TIMEOUT);
    assertThat(requests).hasSize(2);
  }

  @Test
  void endsAtAnInterrupt() throws Exception {
    CompletableFuture<Throwable> ended = new CompletableFuture<>();
    Thread step =
        Thread.ofPlatform()
            .start(
                () -> {
                  try {
                    block.outputs("{\"subject\": \"svc.raw\"}");
                  } catch (InterruptedException | StepFailure e) {
                    ended.complete(e);
                  }
                });
    nextRequest();
    long start = System.nanoTime();
    step.interrupt();
    assertThat(ended.get(10, TimeUnit.SECONDS)).isInstanceOf(InterruptedException.class);
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(2));
    step.join();
  }

  @Test
  void endsWithItsSession() throws Exception {
    CompletableFuture<Map<String, Object>> outputs = start("{\"subject\": \"svc.raw\"}");
    nextRequest();
    block.sessions.closed();
    assertThat(failureOf(outputs).error().code()).isEqualTo(ErrorCode.NETWORK_ERROR);
    StepFailure without = block.failure("{\"subject\": \"svc.raw\"}");
    assertThat(without.error().code()).isEqualTo(ErrorCode.NETWORK_ERROR);
    assertThat(without.verdict()).isEqualTo(AttemptVerdict.FAILED);
    assertThat(requests).isEmpty();
  }

  @Test
  void givesEachOfManyRequestsItsOwnReply() throws Exception {
    try (ExecutorService steps = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Map<String, Object>>> outputs = new ArrayList<>();
      for (int i = 0; i < MANY; i++) {
        String payload = "{\"subject\": \"svc.raw\", \"body\": " + i + "}";
        outputs.add(steps.submit(() -> block.outputs(payload)));
      }
      await().atMost(NatsRequestFixture.LONG).until(() -> requests.size() == MANY);
      assertThat(block.pending()).isEqualTo(MANY);
      List<Message> backwards = new CopyOnWriteArrayList<>(requests).reversed();
      backwards.forEach(request -> reply(request, request.getData(), null));
      for (int i = 0; i < MANY; i++) {
        assertThat(outputs.get(i).get(20, TimeUnit.SECONDS).get("body"))
            .isEqualTo(new RawJson(String.valueOf(i)));
      }
    }
  }

  private CompletableFuture<Map<String, Object>> start(String payload) {
    CompletableFuture<Map<String, Object>> outputs = new CompletableFuture<>();
    Thread unused =
        Thread.ofPlatform()
            .start(
                () -> {
                  try {
                    outputs.complete(block.outputs(payload));
                  } catch (InterruptedException | StepFailure | RuntimeException e) {
                    outputs.completeExceptionally(e);
                  }
                });
    return outputs;
  }

  private Map<String, Object> outputsOf(byte[] reply, @Nullable Headers headers)
      throws InterruptedException, ExecutionException, TimeoutException {
    CompletableFuture<Map<String, Object>> outputs = start("{\"subject\": \"svc.raw\"}");
    reply(nextRequest(), reply, headers);
    return outputs.get(10, TimeUnit.SECONDS);
  }

  private StepFailure failureOf(byte[] reply, @Nullable Headers headers)
      throws InterruptedException {
    CompletableFuture<Map<String, Object>> outputs = start("{\"subject\": \"svc.raw\"}");
    reply(nextRequest(), reply, headers);
    return failureOf(outputs);
  }

  private static StepFailure failureOf(CompletableFuture<Map<String, Object>> outputs) {
    await().atMost(SOON).until(outputs::isDone);
    return (StepFailure) outputs.exceptionNow();
  }

  private Message nextRequest() throws InterruptedException {
    Message request = requests.poll(10, TimeUnit.SECONDS);
    assertThat(request).as("a request").isNotNull();
    return request;
  }

  private static void reply(Message request, byte[] body, @Nullable Headers headers) {
    request.getConnection().publish(request.getReplyTo(), headers, body);
  }

  private static long number(StepFailure failure, String detail) {
    return failure.error().details().get(detail) instanceof Long number ? number : -1;
  }

  private static Headers error(String code, String text) {
    return new Headers().add("Nats-Service-Error-Code", code).add("Nats-Service-Error", text);
  }

  /** Bytes that are no text. */
  private static byte[] bytes(int count) {
    return "\u00ff".repeat(count).getBytes(ISO_8859_1);
  }
}
