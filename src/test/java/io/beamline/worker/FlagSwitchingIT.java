package io.beamline.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.beamline.worker.support.Answer;
import io.beamline.worker.support.Assignments;
import io.beamline.worker.support.FeatureSwitch;
import io.beamline.worker.support.MisbehavingHttpServer;
import io.beamline.worker.support.Misbehaviour;
import io.beamline.worker.support.NatsServer;
import io.beamline.worker.support.ReceivedRequest;
import io.beamline.worker.support.RouterStandIn;
import io.beamline.worker.support.WireMessage;
import io.beamline.worker.support.WorkerProcess;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/**
 * Flags that are switched hundreds of times under a mixed load (contract section 5): nothing is
 * lost, repeated or refused because of it, and each step runs wholly under one setting.
 */
class FlagSwitchingIT {

  private static final String RETRY = "CP2_ADVANCED_RETRY_ENABLED";
  private static final String TIMEOUT = "CP2_COMPLETE_TIMEOUT_ENABLED";
  private static final String QUEUE = "CP2_QUEUE_MANAGEMENT_ENABLED";
  private static final List<String> ALL = List.of(RETRY, TIMEOUT, QUEUE);

  private static final int SWITCHES = 40;
  private static final int MIN_STEPS = 2_000;
  private static final int BATCH = 100;
  private static final Duration SOON = Duration.ofSeconds(60);

  private static MisbehavingHttpServer server;
  private static NatsServer nats;
  private static WorkerProcess worker;
  private static RouterStandIn router;

  @BeforeAll
  static void start() {
    server = MisbehavingHttpServer.start();
    nats = NatsServer.start();
    worker = WorkerProcess.of(nats.url()).start();
    router = RouterStandIn.connect(nats.url());
    server.always(
        (request, socket) ->
            Misbehaviour.answer(isMissing(request.target()) ? 404 : 200, "").act(request, socket));
  }

  @AfterAll
  static void stop() throws IOException {
    router.close();
    worker.close();
    nats.close();
    server.close();
  }

  @Test
  void keepsEachStepUnderOneSettingOfRetryAndTimeout() {
    FeatureSwitch flags = new FeatureSwitch(worker);
    List<Answer> answers =
        underLoad(
            () -> IntStream.range(0, SWITCHES).forEach(i -> flags.set(RETRY, i % 2 == 0)),
            () -> IntStream.range(0, SWITCHES).forEach(i -> flags.set(TIMEOUT, i % 2 == 0)));

    assertThat(answers).extracting(this::setting).contains("", "elapsed_ms", "elapsed_ms attempts");
  }

  @Test
  void keepsEachStepUnderOneSettingOfAllFlags() {
    FeatureSwitch flags = new FeatureSwitch(worker);
    List<Answer> answers =
        underLoad(
            () -> IntStream.range(0, SWITCHES).forEach(i -> flags.set(ALL.get(i % 3), i % 2 == 0)),
            () -> IntStream.range(0, SWITCHES).forEach(i -> flags.set(ALL.get(i % 3), i % 4 < 2)));

    assertThat(answers)
        .extracting(this::setting)
        .contains("elapsed_ms attempts queue_depth")
        .anyMatch(setting -> !setting.contains("attempts"))
        .anyMatch(setting -> !setting.contains("queue_depth"));
  }

  /** Assigns steps while operators switch; gives the answers, after what holds for each of them. */
  private List<Answer> underLoad(Runnable... switching) {
    double before = worker.metric("worker_step_executions_total");
    List<Assignments> steps = new ArrayList<>();
    try (ExecutorService operators = Executors.newVirtualThreadPerTaskExecutor()) {
      CompletableFuture<Void> switched =
          CompletableFuture.allOf(
              Stream.of(switching)
                  .map(each -> CompletableFuture.runAsync(each, operators))
                  .toArray(CompletableFuture<?>[]::new));
      while (!switched.isDone() || steps.size() < MIN_STEPS) {
        List<Assignments> batch = IntStream.range(0, BATCH).mapToObj(this::step).toList();
        router.awaitAll(router.assignAll(batch), SOON);
        steps.addAll(batch);
      }
      switched.join();
    }

    router.assertClean();
    long all = (long) before + steps.size();
    assertThat(worker.metric("worker_step_executions_total")).isEqualTo((double) all);
    assertThat(router.streams().stored("caf.exec.result.v1")).isEqualTo(all);
    assertThat(router.streams().stored("caf.exec.assign.v1.ack")).isEqualTo(all);
    Map<String, List<ReceivedRequest>> requests =
        server.requests().stream().collect(Collectors.groupingBy(ReceivedRequest::target));
    steps.forEach(this::assertAnswered);
    steps.stream()
        .filter(step -> !page(step).isEmpty())
        .forEach(step -> assertAsked(step, requests.getOrDefault(page(step), List.of())));
    return steps.stream().map(step -> router.answer(step.id())).toList();
  }

  /**
   * One of a mix: of ten, three echo, one sleeps, three ask a server, one in vain, two do files.
   */
  private Assignments step(int number) {
    return switch (number % 10) {
      case 0, 1, 2 -> Assignments.echo();
      case 3 -> Assignments.sleep(2);
      case 4, 5, 6 -> asking("/found/");
      case 7 -> asking("/missing/").maxAttempts(2);
      case 8 -> Assignments.put("switching/" + number, "hello");
      default -> Assignments.delete("switching/" + number);
    };
  }

  private Assignments asking(String page) {
    Assignments step = Assignments.http("");
    return step.input("url", server.url(page + step.id()));
  }

  /** The page that a step asks for; empty when it asks for none. */
  private String page(Assignments step) {
    String url = step.json().at("/job/payload/url").stringValue("");
    return url.isEmpty() ? "" : URI.create(url).getPath();
  }

  private static boolean isMissing(String page) {
    return page.startsWith("/missing/");
  }

  private void assertAnswered(Assignments step) {
    Answer answer = router.answer(step.id());
    assertThat(answer.acks()).isEqualTo(1);
    assertThat(answer.results()).isEqualTo(1);
    assertThat(answer.ackStatus()).isEqualTo("accepted");
    assertThat(answer.status()).isEqualTo(isMissing(page(step)) ? "error" : "success");
    WireMessage ack = answer.ack().orElseThrow();
    JsonNode result = answer.resultJson();
    assertThat(result.has("overload_status")).isEqualTo(result.has("queue_depth"));
    assertThat(ack.json().has("queue_depth")).isEqualTo(result.has("queue_depth"));
    assertThat(ack.json().has("overload_status")).isEqualTo(result.has("queue_depth"));
    String phase = setting(answer).isEmpty() ? "cp1" : "cp2";
    assertThat(ack.header("cp_phase")).hasValue(phase);
    assertThat(answer.result().orElseThrow().header("cp_phase")).hasValue(phase);
  }

  /**
   * As often as its setting says: a missing page is asked for again only without advanced retry.
   */
  private void assertAsked(Assignments step, List<ReceivedRequest> asked) {
    JsonNode result = router.answer(step.id()).resultJson();
    boolean retry = result.has("attempts");
    assertThat(asked).as(step.id()).hasSize(isMissing(page(step)) && !retry ? 2 : 1);
    assertThat(result.path("retries_used").intValue()).isEqualTo(asked.size() - 1);
    assertThat(asked).allMatch(request -> (request.header("Idempotency-Key") != null) == retry);
  }

  /** What a result says beyond CP1. */
  private String setting(Answer answer) {
    return Stream.of("elapsed_ms", "attempts", "queue_depth")
        .filter(answer.resultJson()::has)
        .collect(Collectors.joining(" "));
  }
}
