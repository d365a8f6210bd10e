package io.beamline.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.beamline.worker.support.Answer;
import io.beamline.worker.support.Assignments;
import io.beamline.worker.support.FeatureSwitch;
import io.beamline.worker.support.FreePort;
import io.beamline.worker.support.FullBacklog;
import io.beamline.worker.support.MachineStalls;
import io.beamline.worker.support.MisbehavingHttpServer;
import io.beamline.worker.support.Misbehaviour;
import io.beamline.worker.support.ReceivedRequest;
import io.beamline.worker.support.Rig;
import io.beamline.worker.support.SelfSigned;
import io.beamline.worker.support.WorkerProcess;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/**
 * The tickets behave as section 5 of the contract says with none of their flags on, with only their
 * own, and with all: whatever a server does, the worker judges, repeats and cuts it as the flags
 * were when the step arrived. One worker runs the steps of all settings at the same time.
 */
class NineTicketsIT {

  private static final Duration SOON = Duration.ofSeconds(60);
  private static final int DEADLINE_MS = 2_500;
  private static final int CONNECT_MS = 500;
  private static final int RESPONSE_MS = 800;
  private static final int LATE_MS = 100;

  private static final Map<Flags, MisbehavingHttpServer> UNTRUSTED = new EnumMap<>(Flags.class);
  private static final Map<Flags, MisbehavingHttpServer> MUTE = new EnumMap<>(Flags.class);
  private static final Map<Case, String> IDS = new HashMap<>();

  private static Rig rig;
  private static FeatureSwitch flagSwitch;
  private static FullBacklog backlog;
  private static MachineStalls stalls;
  private static int refusing;

  /** What a worker has turned on. */
  enum Flags {
    NONE,
    RETRY,
    TIMEOUT,
    ALL;

    boolean advancedRetry() {
      return this == RETRY || this == ALL;
    }

    boolean completeTimeout() {
      return this == TIMEOUT || this == ALL;
    }

    /** Steps that arrive from now on run under these. */
    void set() {
      flagSwitch.set("CP2_ADVANCED_RETRY_ENABLED", advancedRetry());
      flagSwitch.set("CP2_COMPLETE_TIMEOUT_ENABLED", completeTimeout());
      flagSwitch.set("CP2_QUEUE_MANAGEMENT_ENABLED", this == ALL);
    }
  }

  /** What comes of it, and whether advanced retry repeats it. */
  enum Kind {
    SUCCESS("success", "", "", false),
    NETWORK("error", "NETWORK_ERROR", "connection_error", true),
    CERTIFICATE("error", "NETWORK_ERROR", "connection_error", false),
    SERVER("error", "HTTP_ERROR", "server_error", true),
    CLIENT("error", "HTTP_ERROR", "client_error", false),
    CLIENT_FOR_NOW("error", "HTTP_ERROR", "client_error", true),
    TOO_LARGE("error", "QUOTA_EXCEEDED", "quota_error", false),
    HANG("timeout", "CONNECTION_TIMEOUT", "timeout", true);

    final String status;
    final String code;
    final String type;
    final boolean retryable;

    Kind(String status, String code, String type, boolean retryable) {
      this.status = status;
      this.code = code;
      this.type = type;
      this.retryable = retryable;
    }
  }

  /** What a server does. */
  @SuppressWarnings("ImmutableEnumChecker") // a behaviour has no state
  enum Scenario {
    ANSWERS_200(Kind.SUCCESS, Misbehaviour.answer(200, "ok")),
    ANSWERS_204(Kind.SUCCESS, Misbehaviour.answer(204, "")),
    ANSWERS_100_FIRST(Kind.SUCCESS, Misbehaviour.raw("HTTP/1.1 100 Continue\r\n\r\n" + OK)),
    ANSWERS_103_FIRST(Kind.SUCCESS, Misbehaviour.raw("HTTP/1.1 103 Early Hints\r\n\r\n" + OK)),
    ANSWERS_302(Kind.CLIENT, Misbehaviour.answer(302, "", "Location: /elsewhere")),
    ANSWERS_304(Kind.CLIENT, Misbehaviour.answer(304, "")),
    ANSWERS_400(Kind.CLIENT, Misbehaviour.answer(400, "no")),
    ANSWERS_404(Kind.CLIENT, Misbehaviour.answer(404, "no")),
    ANSWERS_408(Kind.CLIENT_FOR_NOW, Misbehaviour.answer(408, "late")),
    ANSWERS_429(Kind.CLIENT_FOR_NOW, Misbehaviour.answer(429, "slow down")),
    ANSWERS_500(Kind.SERVER, Misbehaviour.answer(500, "oh")),
    ANSWERS_503(Kind.SERVER, Misbehaviour.answer(503, "oh")),
    STALLS_INSIDE_AN_ERROR(Kind.SERVER, Misbehaviour.stallInsideBody(502, 10)),
    REFUSES(Kind.NETWORK, Misbehaviour.closeEarly()),
    CLOSES_EARLY(Kind.NETWORK, Misbehaviour.closeEarly()),
    RESETS(Kind.NETWORK, Misbehaviour.reset()),
    TRUNCATES(Kind.NETWORK, Misbehaviour.truncate(200)),
    SPEAKS_NO_HTTP(Kind.NETWORK, Misbehaviour.raw("SSH-2.0-OpenSSH\r\n")),
    SENDS_TOO_MUCH(Kind.TOO_LARGE, Misbehaviour.endlessBody(200)),
    SHOWS_A_BAD_CERTIFICATE(Kind.CERTIFICATE, Misbehaviour.answer(200, "ok")),
    STALLS_BEFORE_HEADERS("response", Misbehaviour.stallBeforeHeaders()),
    STALLS_INSIDE_THE_BODY("response", Misbehaviour.stallInsideBody(200, 10)),
    DRIBBLES("response", Misbehaviour.dribble(20)),
    NEVER_ENDS_THE_HANDSHAKE("handshake", Misbehaviour.closeEarly()),
    HAS_A_FULL_BACKLOG("connect", Misbehaviour.closeEarly());

    final Kind kind;
    final String timeoutType;
    final Misbehaviour behaviour;

    Scenario(Kind kind, Misbehaviour behaviour) {
      this(kind, "", behaviour);
    }

    Scenario(String timeoutType, Misbehaviour behaviour) {
      this(Kind.HANG, timeoutType, behaviour);
    }

    Scenario(Kind kind, String timeoutType, Misbehaviour behaviour) {
      this.kind = kind;
      this.timeoutType = timeoutType;
      this.behaviour = behaviour;
    }

    String url(Flags flags) {
      return switch (this) {
        case REFUSES -> "http://localhost:" + refusing + "/";
        case SHOWS_A_BAD_CERTIFICATE -> of(UNTRUSTED, flags).url("/");
        case NEVER_ENDS_THE_HANDSHAKE -> of(MUTE, flags).url("/").replace("http:", "https:");
        case HAS_A_FULL_BACKLOG -> backlog.url();
        default -> rig.server().url("/" + name() + "/" + flags);
      };
    }

    /** The longest that complete timeout lets an attempt take. */
    int limitMs() {
      return timeoutType.equals("response") ? RESPONSE_MS : CONNECT_MS;
    }
  }

  private static final String OK =
      "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok";

  private record Case(Scenario scenario, Flags flags) {}

  @BeforeAll
  static void start(@TempDir Path folder) throws Exception {
    refusing = FreePort.find();
    backlog = FullBacklog.fill();
    SelfSigned certificate = SelfSigned.forHost("localhost", folder);
    rig = Rig.start(NineTicketsIT::settings);
    flagSwitch = new FeatureSwitch(rig.worker());
    rig.server().always(NineTicketsIT::misbehave);
    stalls = MachineStalls.watch();
    for (Flags flags : Flags.values()) {
      UNTRUSTED.put(flags, MisbehavingHttpServer.startTls(certificate.serverSockets()));
      MUTE.put(flags, MisbehavingHttpServer.start().mute());
      flags.set();
      assignEverything(flags);
    }
  }

  @AfterAll
  static void stop() throws IOException {
    rig.close();
    for (MisbehavingHttpServer server : List.copyOf(UNTRUSTED.values())) {
      server.close();
    }
    for (MisbehavingHttpServer server : List.copyOf(MUTE.values())) {
      server.close();
    }
    backlog.close();
    stalls.close();
  }

  static Stream<Arguments> cases() {
    return Stream.of(Scenario.values())
        .flatMap(scenario -> Stream.of(Flags.values()).map(flags -> Arguments.of(scenario, flags)));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void behavesAsTheContractSays(Scenario scenario, Flags flags) {
    Answer answer = rig.router().awaitResult(of(IDS, new Case(scenario, flags)), SOON);
    JsonNode result = answer.resultJson();
    boolean usesUpItsBudget = flags == Flags.RETRY && scenario.kind == Kind.HANG;

    assertThat(answer.status()).as("%s", result).isEqualTo(scenario.kind.status);
    assertThat(answer.errorCode()).as("%s", result).isEqualTo(scenario.kind.code);
    assertThat(text(result, "error_type")).isEqualTo(scenario.kind.type);
    int attempts = attempts(scenario.kind, flags);
    assertThat(result.path("retries_used").intValue(-1)).isEqualTo(attempts - 1);
    assertThat(contacts(scenario, flags, attempts)).isEqualTo(attempts);
    assertMarks(answer, flags, attempts);
    if (usesUpItsBudget) {
      assertThat(text(result.path("error").path("details"), "stopped_by"))
          .isEqualTo("retry_budget");
    } else if (scenario.kind == Kind.HANG) {
      assertCut(scenario, flags, result);
    } else if (scenario.kind != Kind.SUCCESS && flags.advancedRetry()) {
      assertThat(result.path("error").path("retryable").booleanValue())
          .isEqualTo(scenario.kind.retryable);
    }
  }

  @Test
  void endsAtTheBudgetWhenTheLastAttemptStalls() {
    Flags.ALL.set();
    try (MachineStalls here = MachineStalls.watch()) {

      JsonNode result = rig.answerTo(rig.get("/fails-then-stalls").deadlineMs(1_000)).resultJson();

      assertThat(text(result, "error_code")).isEqualTo("CANCELLED_BY_TIMEOUT");
      assertThat(text(result, "status")).isEqualTo("timeout");
      assertThat(result.path("attempts")).hasSize(3);
      assertThat(result.path("elapsed_ms").longValue(-1))
          .isBetween(1_000L, 1_050 + here.longestMs());
    }
  }

  private static WorkerProcess.Builder settings(WorkerProcess.Builder worker) {
    return worker
        .env("WORKER_TIMEOUTS_HTTP_CONNECT", CONNECT_MS + "ms")
        .env("WORKER_TIMEOUTS_HTTP_RESPONSE", RESPONSE_MS + "ms")
        .env("WORKER_BLOCKS_HTTP_MAX_RESPONSE_SIZE", "64KB")
        .env("WORKER_POOLS_IO_CONCURRENCY", "100");
  }

  private static boolean misbehave(ReceivedRequest request, Socket socket) throws IOException {
    String name = request.target().split("/", 3)[1];
    if (!name.equals("fails-then-stalls")) {
      return Scenario.valueOf(name).behaviour.act(request, socket);
    }
    boolean stalls =
        rig.server().requests().stream()
                .filter(other -> other.target().equals(request.target()))
                .count()
            > 2;
    return (stalls ? Misbehaviour.stallBeforeHeaders() : Misbehaviour.answer(503, ""))
        .act(request, socket);
  }

  /** They have arrived when this returns. */
  private static void assignEverything(Flags flags) {
    for (Scenario scenario : Scenario.values()) {
      Assignments step =
          Assignments.http(scenario.url(flags)).deadlineMs(DEADLINE_MS).maxAttempts(2);
      String id = rig.router().assign(step);
      IDS.put(new Case(scenario, flags), id);
    }
    for (Scenario scenario : Scenario.values()) {
      rig.router().awaitAck(of(IDS, new Case(scenario, flags)), SOON);
    }
  }

  private static int attempts(Kind kind, Flags flags) {
    return switch (kind) {
      case SUCCESS -> 1;
      case HANG -> flags == Flags.RETRY ? 1 : 2;
      default -> flags.advancedRetry() && !kind.retryable ? 1 : 2;
    };
  }

  /** How often the worker came to the server, where the server can tell. */
  private static long contacts(Scenario scenario, Flags flags, int otherwise) {
    return switch (scenario) {
      case REFUSES, HAS_A_FULL_BACKLOG -> otherwise;
      case SHOWS_A_BAD_CERTIFICATE -> of(UNTRUSTED, flags).accepted();
      case NEVER_ENDS_THE_HANDSHAKE -> of(MUTE, flags).accepted();
      default ->
          rig.server().requests().stream()
              .filter(request -> request.target().equals("/" + scenario + "/" + flags))
              .count();
    };
  }

  /** Each flag adds its fields, and no other. */
  private static void assertMarks(Answer answer, Flags flags, int attempts) {
    JsonNode result = answer.resultJson();
    assertThat(result.path("attempts").size()).isEqualTo(flags.advancedRetry() ? attempts : 0);
    assertThat(result.has("attempts")).isEqualTo(flags.advancedRetry());
    assertThat(result.has("elapsed_ms")).isEqualTo(flags != Flags.NONE);
    assertThat(result.has("queue_depth")).isEqualTo(flags == Flags.ALL);
    assertThat(result.has("overload_status")).isEqualTo(flags == Flags.ALL);
    assertThat(answer.result().orElseThrow().header("cp_phase"))
        .hasValue(flags == Flags.NONE ? "cp1" : "cp2");
  }

  private static void assertCut(Scenario scenario, Flags flags, JsonNode result) {
    boolean ownTimeouts = flags.completeTimeout();
    int limit = ownTimeouts ? scenario.limitMs() : DEADLINE_MS;
    JsonNode details = result.path("error").path("details");
    assertThat(text(details, "timeout_type"))
        .isEqualTo(ownTimeouts ? scenario.timeoutType : "total");
    assertThat(details.path("timeout_ms").intValue()).isEqualTo(limit);
    assertThat(result.path("latency_ms").longValue())
        .isBetween((long) limit, limit + LATE_MS + stalls.longestMs());
  }

  private static <K, V> V of(Map<K, V> map, K key) {
    return Objects.requireNonNull(map.get(key));
  }

  private static String text(JsonNode node, String field) {
    return node.path(field).stringValue("");
  }
}
