package io.beamline.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.beamline.worker.support.Assignments;
import io.beamline.worker.support.MisbehavingHttpServer;
import io.beamline.worker.support.Misbehaviour;
import io.beamline.worker.support.NatsServer;
import io.beamline.worker.support.Operator;
import io.beamline.worker.support.ReceivedRequest;
import io.beamline.worker.support.RouterStandIn;
import io.beamline.worker.support.WorkerProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntFunction;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The runbook of a rollout, as rollout.md has it, against a fleet of two: each flag is turned on
 * for a share of the assignments while a server misbehaves, and {@code /actuator/rollout} of both
 * workers shows what the flag really changes, and nothing else.
 */
@Tag("long")
class RolloutIT {

  private static final Duration SOON = Duration.ofSeconds(60);
  private static final String RETRY = "CP2_ADVANCED_RETRY_ENABLED";
  private static final String TIMEOUT = "CP2_COMPLETE_TIMEOUT_ENABLED";
  private static final String QUEUE = "CP2_QUEUE_MANAGEMENT_ENABLED";
  private static final int RESPONSE_MS = 400;
  private static final int DEADLINE_MS = 2_000;
  private static final int QUEUE_LIMIT = 10;

  /** Steps that are under way at once when none shall wait long for a slot. */
  private static final int FEW = 50;

  private static final Pattern METRIC = Pattern.compile("\\bworker_[a-z_]+");
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private static final Set<String> SEEN = ConcurrentHashMap.newKeySet();
  private static final List<WorkerProcess> FLEET = new ArrayList<>();
  private static NatsServer nats;
  private static RouterStandIn router;
  private static MisbehavingHttpServer site;

  @BeforeAll
  static void start() {
    nats = NatsServer.start();
    site = MisbehavingHttpServer.start().always(RolloutIT::misbehave);
    IntStream.range(0, 2).forEach(place -> FLEET.add(worker(place).launch()));
    FLEET.forEach(WorkerProcess::awaitReady);
    router = RouterStandIn.connect(nats.url());
  }

  @AfterAll
  static void stop() throws IOException {
    router.assertClean();
    router.close();
    FLEET.forEach(WorkerProcess::close);
    site.close();
    nats.close();
  }

  @AfterEach
  void turnOff() {
    for (String flag : List.of(RETRY, TIMEOUT, QUEUE)) {
      FLEET.forEach(worker -> set(worker, flag, "{\"enabled\":false,\"strategy\":\"\"}"));
    }
  }

  /** Of 100 steps, 10 fail for good, and 5 for the moment. */
  @Test
  void advancedRetryRepeatsLessAndLosesNothing() {
    canary(RETRY);
    run(40, RolloutIT::failing);
    for (WorkerProcess worker : FLEET) {
      assertThat(text(flag(worker, RETRY), "verdict")).isEqualTo("too_early");
      assertThat(text(flag(worker, RETRY), "line")).contains(RETRY + ": too early to tell");
    }

    run(2_400, RolloutIT::failing);
    awaitCounted("http.request", 2_440);

    assertNoRealDifference(RETRY, "success_rate");
    assertNoRealDifference(RETRY, "timeout_rate");
    assertThat(FLEET)
        .anySatisfy(
            worker ->
                assertThat(text(flag(worker, RETRY), "line"))
                    .contains("no real difference so far (two-proportion z-test"));
    for (WorkerProcess worker : FLEET) {
      JsonNode flag = flag(worker, RETRY);
      assertThat(text(flag, "verdict")).as("%s", flag).isEqualTo("real");
      assertThat(text(flag, "line")).contains("attempts per step 1.0");
      assertLessWith(flag, "attempts_per_step");
      assertLessWith(flag, "slow_share");
      JsonNode cp1 = side(worker, "http.request", "cp1");
      JsonNode cp2 = side(worker, "http.request", "cp2");
      assertThat(number(cp1, "success_rate")).isBetween(0.85, 0.95);
      assertThat(number(cp2, "success_rate")).isBetween(0.85, 0.95);
      assertThat(number(cp1, "attempts_per_step")).isBetween(1.2, 1.5);
      assertThat(number(cp2, "attempts_per_step")).isBetween(1.0, 1.1);
      assertThat(number(cp1, "retries_helped")).isBetween(0.15, 0.55);
      assertThat(number(cp2, "retries_helped")).isEqualTo(1);
      assertThat(number(cp1, "p95_ms")).isGreaterThan(550);
      assertThat(number(cp2, "p95_ms")).isLessThan(550);
      assertThat(text(flag(worker, TIMEOUT), "verdict")).isEqualTo("off");
    }
    assertThat(fields(report(FLEET.getFirst())))
        .as("the example in rollout.md")
        .containsAll(fields(JSON.readTree(runbook("```json\n", "```"))));

    String everybody =
        "{\"enabled\":true,\"strategy\":\"gradual\",\"parameters\":\"percentage=100\"}";
    FLEET.forEach(worker -> set(worker, RETRY, everybody));
    run(400, RolloutIT::failing);
    awaitCounted("http.request", 400);
    for (WorkerProcess worker : FLEET) {
      assertThat(text(flag(worker, RETRY), "verdict")).isEqualTo("nothing_to_compare");
    }
  }

  /**
   * Of 100 steps, 12 meet a server that hangs. Those of them that only the deadline cuts are 6 % of
   * all steps, so that the bound of the slowest 5 % lies among them.
   */
  @Test
  void completeTimeoutCutsWhatHangsEarlier() {
    canary(TIMEOUT);
    run(2_400, RolloutIT::hanging);
    awaitCounted("http.request", 2_400);

    assertNoRealDifference(TIMEOUT, "success_rate");
    assertNoRealDifference(TIMEOUT, "timeout_rate");
    for (WorkerProcess worker : FLEET) {
      JsonNode flag = flag(worker, TIMEOUT);
      assertThat(text(flag, "verdict")).as("%s", flag).isEqualTo("real");
      assertLessWith(flag, "slow_share");
      JsonNode cp1 = side(worker, "http.request", "cp1");
      JsonNode cp2 = side(worker, "http.request", "cp2");
      assertThat(number(cp1, "timeout_rate")).isBetween(0.06, 0.2);
      assertThat(number(cp2, "timeout_rate")).isBetween(0.06, 0.2);
      assertThat(number(cp1, "p99_ms")).isGreaterThan(0.95 * DEADLINE_MS);
      assertThat(number(cp2, "p99_ms")).isLessThan(0.95 * DEADLINE_MS);
    }
  }

  @Test
  void queueManagementBoundsTheQueueOfItsWorker() {
    WorkerProcess managed = FLEET.getFirst();
    WorkerProcess other = FLEET.getLast();
    set(managed, QUEUE, "{\"enabled\":true}");
    List<String> ids = run(300, 300, place -> Assignments.sleep(50));
    long rejected =
        ids.stream().filter(id -> router.answer(id).ackReason().equals("queue_full")).count();
    awaitCounted("sleep", 300 - rejected);

    assertThat(rejected).isPositive();
    List<String> named = METRIC.matcher(runbook("", "")).results().map(MatchResult::group).toList();
    assertThat(named).hasSizeGreaterThan(10);
    assertThat(managed.metrics()).as("metrics that rollout.md names").contains(named);
    JsonNode bounded = flag(managed, QUEUE);
    assertThat(text(bounded, "line"))
        .startsWith(QUEUE + ": on for this whole worker, " + rejected + " rejections")
        .contains("cpu 10 of 10", "compare it with a worker where it is off");
    assertThat(bounded.path("rejections").longValue()).isEqualTo(rejected);
    assertThat(bounded.path("longest_queue").path("cpu").intValue()).isEqualTo(QUEUE_LIMIT);
    JsonNode cp2 = side(managed, "sleep", "cp2");
    assertThat(cp2.path("rejections").longValue()).isEqualTo(rejected);
    assertThat(cp2.path("count").longValue()).isPositive();

    JsonNode unbounded = flag(other, QUEUE);
    assertThat(text(unbounded, "line")).contains("off on this worker, so that nothing is rejected");
    assertThat(unbounded.path("rejections").longValue()).isZero();
    assertThat(unbounded.path("longest_queue").path("cpu").intValue()).isGreaterThan(QUEUE_LIMIT);
    assertThat(number(side(other, "sleep", "cp1"), "p99_ms")).isGreaterThan(number(cp2, "p99_ms"));
  }

  private static WorkerProcess.Builder worker(int place) {
    return WorkerProcess.of(nats.url())
        .env("WORKER_ID", "worker-" + place)
        .env("WORKER_TIMEOUTS_HTTP_RESPONSE", RESPONSE_MS + "ms")
        .env("WORKER_POOLS_CPU_CONCURRENCY", "2")
        .env("WORKER_POOLS_CPU_MAX_QUEUE_SIZE", String.valueOf(QUEUE_LIMIT));
  }

  private static boolean misbehave(ReceivedRequest request, Socket socket) throws IOException {
    String target = request.target();
    Misbehaviour behaviour =
        switch (target.split("/", 3)[1]) {
          case "gone" -> Misbehaviour.answer(404, "");
          case "flaky" -> Misbehaviour.answer(SEEN.add(target) ? 503 : 200, "");
          case "hangs" -> Misbehaviour.stallBeforeHeaders();
          default -> Misbehaviour.answer(200, "");
        };
    return behaviour.act(request, socket);
  }

  private static Assignments failing(int place) {
    return switch (place % 20) {
      case 0, 1 -> step("gone");
      case 2 -> step("flaky");
      default -> step("well");
    };
  }

  private static Assignments hanging(int place) {
    Assignments step = place % 25 < 3 ? step("hangs") : step("well");
    return step.deadlineMs(DEADLINE_MS).maxAttempts(1);
  }

  private static Assignments step(String fate) {
    Assignments step = Assignments.http("");
    return step.input("url", site.url("/" + fate + "/" + step.id()));
  }

  private static void run(int count, IntFunction<Assignments> steps) {
    run(count, FEW, steps);
  }

  /**
   * Runs steps in disorder, of which chance puts about half under a flag of the canary.
   *
   * @param burst how many are assigned at once; so many more wait until few are left
   */
  private static List<String> run(int count, int burst, IntFunction<Assignments> steps) {
    List<Assignments> all = new ArrayList<>(IntStream.range(0, count).mapToObj(steps).toList());
    Collections.shuffle(all, new Random(count));
    List<String> ids = new ArrayList<>();
    for (int begin = 0; begin < count; begin += burst) {
      ids.addAll(router.assignAll(all.subList(begin, Math.min(count, begin + burst))));
      Awaitility.await("few steps are under way")
          .atMost(SOON)
          .pollInterval(Duration.ofMillis(5))
          .until(() -> router.unanswered(ids).size() <= FEW);
    }
    router.awaitAll(ids, SOON);
    return ids;
  }

  private static void canary(String flag) {
    String some = "{\"enabled\":true,\"strategy\":\"gradual\",\"parameters\":\"percentage=50\"}";
    FLEET.forEach(worker -> set(worker, flag, some));
  }

  private static void set(WorkerProcess worker, String flag, String body) {
    assertThat(new Operator(worker).post("/actuator/togglz/" + flag, body).statusCode())
        .isEqualTo(200);
  }

  /** A step is counted a moment after its result was published. */
  private static void awaitCounted(String type, long steps) {
    Awaitility.await("all steps are counted")
        .atMost(SOON)
        .untilAsserted(
            () ->
                assertThat(FLEET.stream().mapToLong(worker -> counted(worker, type)).sum())
                    .isEqualTo(steps));
  }

  private static long counted(WorkerProcess worker, String type) {
    return side(worker, type, "cp1").path("count").longValue(0)
        + side(worker, type, "cp2").path("count").longValue(0);
  }

  /** A piece of the runbook, the first between two marks. */
  private static String runbook(String begin, String end) {
    try {
      String document = Files.readString(Path.of("src/docs/rollout.md"));
      String whole = document.substring(document.indexOf("\n## Roll out\n"));
      String rest = whole.substring(whole.indexOf(begin) + begin.length());
      return end.isEmpty() ? rest : rest.substring(0, rest.indexOf(end));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The names of all fields, at any depth. */
  private static Set<String> fields(JsonNode node) {
    Set<String> names = new TreeSet<>(node.propertyNames());
    node.forEach(child -> names.addAll(fields(child)));
    return names;
  }

  private static JsonNode report(WorkerProcess worker) {
    return JSON.readTree(worker.get(worker.managementUri("/actuator/rollout")).body());
  }

  private static JsonNode flag(WorkerProcess worker, String flag) {
    return report(worker).path("flags").path(flag);
  }

  /** One side of a step type since the last change; missing when there were no steps. */
  private static JsonNode side(WorkerProcess worker, String type, String side) {
    for (JsonNode row : report(worker).path("since_change").path("steps")) {
      if (text(row, "step_type").equals(type)) {
        return row.path(side);
      }
    }
    return JSON.missingNode();
  }

  /** One worker of two may see a difference that is none: each does so by chance, at its level. */
  private static void assertNoRealDifference(String flag, String measure) {
    assertThat(FLEET)
        .anySatisfy(
            worker -> {
              JsonNode shown = flag(worker, flag);
              assertThat(isReal(shown, measure)).as("%s", shown).isFalse();
            });
  }

  private static boolean isReal(JsonNode flag, String measure) {
    return measure(flag, measure).path("real").booleanValue();
  }

  private static void assertLessWith(JsonNode flag, String measure) {
    assertThat(isReal(flag, measure)).as("%s", flag).isTrue();
    JsonNode found = measure(flag, measure);
    assertThat(number(found, "with")).isLessThan(number(found, "without"));
  }

  private static JsonNode measure(JsonNode flag, String name) {
    for (JsonNode measure : flag.path("measures")) {
      if (text(measure, "measure").equals(name)) {
        return measure;
      }
    }
    throw new AssertionError(name + " is not in " + flag);
  }

  private static double number(JsonNode node, String field) {
    return node.path(field).doubleValue(Double.NaN);
  }

  private static String text(JsonNode node, String field) {
    return node.path(field).stringValue("");
  }
}
