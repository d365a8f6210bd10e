package io.beamline.worker;

import static io.beamline.worker.support.Rig.assertEndedAtDeadline;
import static org.assertj.core.api.Assertions.assertThat;

import io.beamline.worker.support.Answer;
import io.beamline.worker.support.Assignments;
import io.beamline.worker.support.FullBacklog;
import io.beamline.worker.support.MachineStalls;
import io.beamline.worker.support.Misbehaviour;
import io.beamline.worker.support.Rig;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** Complete timeout alone, on the built jar (W3-2): a result within 100 ms after the deadline. */
@Tag("alone")
class CompleteTimeoutIT {

  private static final Duration SOON = Duration.ofSeconds(30);
  private static final int MANY = 200;

  private static Rig rig;
  private static FullBacklog backlog;

  @BeforeAll
  static void start() throws IOException {
    rig =
        Rig.start(
            worker ->
                worker
                    .env("CP2_COMPLETE_TIMEOUT_ENABLED", "1")
                    .env("WORKER_TIMEOUTS_HTTP_RESPONSE", "400ms")
                    .env("WORKER_POOLS_CPU_CONCURRENCY", "1")
                    .env("WORKER_POOLS_IO_CONCURRENCY", String.valueOf(MANY)));
    backlog = FullBacklog.fill();
  }

  @AfterAll
  static void stop() throws IOException {
    backlog.close();
    rig.close();
  }

  @BeforeEach
  void startServer() {
    rig.freshServer();
  }

  /** A step whose attempt would take longer than its deadline. */
  @SuppressWarnings("ImmutableEnumChecker") // a behaviour has no state
  enum Endless {
    SLEEPS(Misbehaviour.closeEarly()) {
      @Override
      Assignments step() {
        return Assignments.sleep(60_000);
      }
    },
    STALLS_BEFORE_HEADERS(Misbehaviour.stallBeforeHeaders()),
    STALLS_INSIDE_BODY(Misbehaviour.stallInsideBody(200, 10)),
    DRIBBLES(Misbehaviour.dribble(20)),
    NEVER_SHAKES_HANDS(Misbehaviour.closeEarly()) {
      @Override
      Assignments step() {
        return Assignments.http(rig.server().mute().url("/").replace("http:", "https:"));
      }
    },
    FINDS_THE_BACKLOG_FULL(Misbehaviour.closeEarly()) {
      @Override
      Assignments step() {
        return Assignments.http(backlog.url());
      }
    };

    private final Misbehaviour behaviour;

    Endless(Misbehaviour behaviour) {
      this.behaviour = behaviour;
    }

    Assignments step() {
      return rig.get("/");
    }
  }

  @ParameterizedTest
  @EnumSource
  void endsAStepAtItsDeadline(Endless endless) {
    rig.server().always(endless.behaviour);

    JsonNode result = endedAtDeadline(endless.step().deadlineMs(350), 350);

    assertThat(result.path("status").stringValue("")).isEqualTo("timeout");
    assertThat(result.path("error_code").stringValue("")).isEqualTo("CANCELLED_BY_TIMEOUT");
    assertThat(timeoutType(result)).isEqualTo("total");
    Awaitility.await().atMost(SOON).until(() -> rig.server().open() == 0);
  }

  @Test
  void theLastRealErrorStandsWhenTheDeadlinePassesInAWait() {
    rig.server().always(Misbehaviour.answer(429, ""));
    double counted = timeouts("total");

    JsonNode result = endedAtDeadline(rig.get("/").deadlineMs(1_500).maxAttempts(20), 1_500);

    assertThat(result.path("status").stringValue("")).isEqualTo("error");
    assertThat(result.path("error_code").stringValue("")).isEqualTo("HTTP_ERROR");
    assertThat(result.path("error_type").stringValue("")).isEqualTo("client_error");
    assertThat(result.at("/error/details/stopped_by").stringValue("")).isEqualTo("deadline");
    assertThat(result.path("retries_used").intValue()).isPositive();
    assertThat(timeouts("total")).isEqualTo(counted + 1);
  }

  @Test
  void endsAStepWhoseDeadlinePassesInTheQueue() {
    String blocking = rig.router().assign(Assignments.sleep(3_000).deadlineMs(10_000));
    rig.router().awaitAck(blocking, SOON);

    double counted = timeouts("queue");

    JsonNode result = endedAtDeadline(Assignments.echo().deadlineMs(300), 300);

    assertThat(result.path("latency_ms").longValue()).isZero();
    assertThat(result.path("status").stringValue("")).isEqualTo("error");
    assertThat(result.path("error_code").stringValue("")).isEqualTo("SYSTEM_OVERLOAD");
    assertThat(result.path("error_type").stringValue("")).isEqualTo("overload_error");
    JsonNode details = result.path("error").path("details");
    assertThat(details.path("stage").stringValue("")).isEqualTo("queued");
    assertThat(details.path("waited_ms").longValue()).isBetween(300L, 400 + SOON.toMillis());
    assertThat(timeouts("queue")).isEqualTo(counted + 1);
    assertThat(rig.router().awaitResult(blocking, SOON).status()).isEqualTo("success");
  }

  @Test
  void cutsAttemptsThatStallAndThenTheStep() {
    rig.server().always(Misbehaviour.stallBeforeHeaders());

    JsonNode result = endedAtDeadline(rig.get("/").deadlineMs(1_000), 1_000);

    assertThat(result.path("retries_used").intValue()).isEqualTo(1);
    assertThat(rig.worker().metric("worker_timeout_events_total", "timeout_type=\"response\""))
        .isPositive();
    rig.worker().awaitLog("\"Operation timeout\"", SOON);
  }

  static List<Supplier<Assignments>> fileSteps() {
    return List.of(
        () -> Assignments.get("large"),
        () -> Assignments.put("put", new byte[600_000]),
        () -> Assignments.delete("put"));
  }

  /** No file system here is slow for sure: what is in time may succeed. */
  @ParameterizedTest
  @MethodSource("fileSteps")
  void neverEndsAFileStepLaterThanItsDeadlineAllows(Supplier<Assignments> step) throws IOException {
    Path data = Files.createDirectories(rig.worker().folder().resolve("data"));
    try (RandomAccessFile large = new RandomAccessFile(data.resolve("large").toFile(), "rw")) {
      large.setLength(64 * 1024 * 1024);
    }
    for (long deadlineMs : new long[] {1, 5, 20}) {
      try (MachineStalls stalls = MachineStalls.watch()) {
        JsonNode result = rig.answerTo(step.get().deadlineMs(deadlineMs)).resultJson();

        assertThat(result.path("elapsed_ms").longValue(-1))
            .as("elapsed_ms of %s", result)
            .isBetween(0L, deadlineMs + 100 + stalls.longestMs());
      }
    }
  }

  static List<Supplier<Assignments>> manyAtOnce() {
    return List.of(
        () -> Assignments.sleep(60_000), // all but one wait for the only slot
        () -> rig.get("/stall"),
        () -> rig.get("/error"));
  }

  @ParameterizedTest
  @MethodSource("manyAtOnce")
  void keepsTheDeadlineOfEachOfMany(Supplier<Assignments> step) {
    Misbehaviour stall = Misbehaviour.stallBeforeHeaders();
    Misbehaviour error = Misbehaviour.answer(500, "");
    rig.server()
        .always((req, socket) -> (req.target().equals("/stall") ? stall : error).act(req, socket));
    try (MachineStalls stalls = MachineStalls.watch()) {
      List<String> ids =
          rig.router()
              .assignAll(Stream.generate(step).limit(MANY).map(a -> a.deadlineMs(390)).toList());

      rig.router().awaitAll(ids, SOON);

      assertThat(ids)
          .allSatisfy(
              id -> assertEndedAtDeadline(rig.router().answer(id).resultJson(), 390, stalls));
      Awaitility.await().atMost(SOON).until(() -> rig.worker().metric("worker_active_tasks") == 0);
    }
  }

  private static JsonNode endedAtDeadline(Assignments assignment, long deadlineMs) {
    try (MachineStalls stalls = MachineStalls.watch()) {
      Answer answer = rig.answerTo(assignment.deadlineMs(deadlineMs));
      assertThat(answer.result().orElseThrow().header("cp_phase")).contains("cp2");
      assertEndedAtDeadline(answer.resultJson(), deadlineMs, stalls);
      return answer.resultJson();
    }
  }

  private static double timeouts(String timeoutType) {
    return rig.worker()
        .metric("worker_timeout_events_total", "timeout_type=\"" + timeoutType + "\"");
  }

  private static String timeoutType(JsonNode result) {
    return result.path("error").path("details").path("timeout_type").stringValue("");
  }
}
