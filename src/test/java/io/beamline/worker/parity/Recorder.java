package io.beamline.worker.parity;

import io.beamline.worker.support.NatsServer;
import io.beamline.worker.support.RouterStandIn;
import io.beamline.worker.support.WireMessage;
import io.beamline.worker.support.WorkerProcess;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Puts every scenario to a worker with all flags off, and writes down what it says: messages with
 * their headers and order, requests, waits, heartbeats, dead letters, metrics, log messages.
 */
final class Recorder implements AutoCloseable {

  private static final Duration SOON = Duration.ofSeconds(60);
  private static final int MAX_ROUNDS = 20;

  private final NatsServer nats = NatsServer.start("max_payload: 65536");
  private final Site site = new Site();
  private final WorkerProcess worker;
  private final RouterStandIn router;
  private final Transcript transcript;
  private final WorkerFootprint footprint;
  private int rounds;

  /** Starts a worker; {@code jar} may choose another one than the one that was built here. */
  Recorder(UnaryOperator<WorkerProcess.Builder> jar) {
    worker =
        jar.apply(WorkerProcess.of(nats.url()))
            .env("WORKER_ID", "parity")
            .env("WORKER_HEARTBEAT_INTERVAL", "200ms")
            .env("WORKER_DLQ_FAILED_STEPS", "true")
            .env("WORKER_BLOCKS_HTTP_MAX_RESPONSE_SIZE", "150KB")
            .env("WORKER_BLOCKS_FS_MAX_SIZE", "64KB")
            .start();
    router = RouterStandIn.connect(nats.url());
    Map<String, String> texts = new LinkedHashMap<>();
    texts.put(":" + site.port(), ":<site>");
    texts.put(worker.folder().toString(), "<folder>");
    IntStream.range(0, MAX_ROUNDS).forEach(i -> texts.put(Scenarios.mark(i), "<round>"));
    transcript = new Transcript(new Placeholders(texts), router, site);
    footprint = new WorkerFootprint(worker);
  }

  /** Runs everything once on a warm worker. Fails when a message breaks the contract. */
  ObjectNode record() throws IOException {
    run(scenario -> !scenario.isTimed());
    ObjectNode recording = Placeholders.MAPPER.createObjectNode();
    ObjectNode malformed = recording.putObject("malformed");
    Scenarios.malformed().forEach((name, body) -> malformed.set(name, deadLetter(body)));
    List<Scenario> scenarios = run(scenario -> true);
    ObjectNode all = recording.putObject("scenarios");
    scenarios.forEach(scenario -> all.set(scenario.name(), transcript.of(scenario)));
    recording.set("heartbeat", transcript.of(router.heartbeats().getLast()));
    recording.set("metrics", footprint.metrics());
    recording.set("log", footprint.logMessages());
    return recording;
  }

  /**
   * Runs everything once more and keeps the shorter of each two waits: a busy machine can only make
   * a wait longer.
   */
  void shortenWaits(ObjectNode recording) throws IOException {
    for (Scenario scenario : run(any -> true)) {
      ObjectNode before = (ObjectNode) recording.path("scenarios").path(scenario.name());
      ObjectNode now = transcript.of(scenario);
      if (now.path("waits_ms").size() == before.path("waits_ms").size()) {
        before.set("waits_ms", shorter(before.path("waits_ms"), now.path("waits_ms")));
      }
    }
  }

  @Override
  public void close() throws IOException {
    router.close();
    worker.close();
    site.close();
    nats.close();
  }

  private List<Scenario> run(Predicate<Scenario> which) throws IOException {
    int round = rounds++;
    Scenarios.prepare(worker.folder().resolve("data"), round);
    List<Scenario> scenarios = Scenarios.of(site, round).stream().filter(which).toList();
    // One after another, so that not all attempts and waits fall into the same moment.
    scenarios.forEach(each -> router.awaitAck(router.assign(each.assignment()), SOON));
    router.awaitAll(scenarios.stream().map(Scenario::id).toList(), SOON);
    await(() -> router.streams().unacknowledgedAssignments() == 0);
    await(() -> worker.metric("worker_unfinished_assignments") == 0);
    router.assertClean();
    return scenarios;
  }

  private JsonNode deadLetter(byte[] body) {
    int before = router.deadLetters().size();
    router.publish(body, Map.of()).join();
    await(() -> router.deadLetters().size() > before);
    WireMessage letter = router.deadLetters().getLast();
    return transcript.of(letter);
  }

  private static ArrayNode shorter(JsonNode one, JsonNode other) {
    ArrayNode result = Placeholders.MAPPER.createArrayNode();
    IntStream.range(0, one.size())
        .forEach(i -> result.add(Math.min(one.path(i).longValue(), other.path(i).longValue())));
    return result;
  }

  private static void await(Callable<Boolean> condition) {
    Awaitility.await().atMost(SOON).pollInterval(Duration.ofMillis(20)).until(condition);
  }
}
