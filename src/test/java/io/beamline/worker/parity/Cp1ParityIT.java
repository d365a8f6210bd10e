package io.beamline.worker.parity;

import static org.assertj.core.api.Assertions.assertThat;

import io.beamline.worker.support.MachineStalls;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * With all flags off the worker is CP1: it says and does what the last build before advanced retry,
 * complete timeout and queue management did (commit {@code d29fc1c}). That build's messages,
 * headers, requests, waits, dead letters, metrics and log messages are recorded in {@code
 * parity/cp1.json}.
 *
 * <p>One difference is meant: the scrape has the meters of advanced retry and complete timeout from
 * the start, all at zero, because counters start at 0 (contract section 10). Queue management's are
 * absent while it is off. A pause of the intake, cancellation and circuit breakers have meters of
 * their own, too. Four more are faults of that build against the contract, mended since:
 *
 * <ul>
 *   <li>its dead letters had no {@code Nats-Msg-Id}, so that a redelivery doubled them;
 *   <li>the dead letter of a step that timed out had the status {@code timeout}, where section 7
 *       wants {@code error};
 *   <li>it refused results a little smaller than the server's limit;
 *   <li>it refused a {@code request_id} that is not 1 to 128 printable ASCII characters, where
 *       section 2 takes any text of 1 to 1024 bytes.
 * </ul>
 *
 * <p>A message with a readable id that is nested too deep is not in the recording: that build made
 * it a dead letter, and now it has an ack. Everything else is the same, value by value.
 *
 * <p>To record again, build the commit's jar elsewhere and run
 *
 * <pre>{@code
 * ./mvnw verify -Dtest=None -Dsurefire.failIfNoSpecifiedTests=false \
 *     -Dit.test=Cp1ParityIT -Dparity.jar=/path/to/the/other/beamline-worker.jar
 * }</pre>
 */
class Cp1ParityIT {

  private static final String JAR = "parity.jar";
  private static final int RECORDED_ROUNDS = 10;
  private static final int COMPARED_ROUNDS = 3;

  /**
   * How far a wait may be from the recorded one, beside what the machine itself holds up, in ms.
   */
  private static final long NEAR = 50;

  private static final List<String> ADDED_METERS =
      List.of(
          "worker_retry_attempts",
          "worker_retry_outcomes",
          "worker_retry_backoff_duration_seconds",
          "worker_retry_budget_exhausted",
          "worker_timeout_events",
          "worker_deadline_overrun_seconds",
          "worker_fs_stuck_threads",
          "worker_stuck_attempts",
          "worker_intake_paused",
          "worker_suspects",
          "worker_feature_enabled{feature=\"CP2_CANCELLATION_ENABLED\"",
          "worker_cancellations",
          "worker_cancellation_seconds",
          "worker_feature_enabled{feature=\"CP2_CIRCUIT_BREAKER_ENABLED\"",
          "worker_circuit_breakers",
          "worker_circuit_breaker_transitions",
          "worker_circuit_breaker_rejections",
          "worker_parked_steps",
          "worker_retries_suppressed",
          "worker_destination_waiting",
          "worker_heartbeats_missed",
          "worker_leases_held",
          "worker_assignments_held_bytes",
          "worker_consumer_backlog",
          "worker_suspects",
          "worker_unpublished_dead_letters");

  @Test
  @DisabledIfSystemProperty(named = JAR, matches = ".+")
  void doesWithAllFlagsOffWhatTheBuildBeforeThemDid() throws IOException {
    JsonNode then = Recording.read();
    try (MachineStalls stalls = MachineStalls.watch();
        Recorder recorder = new Recorder(UnaryOperator.identity())) {
      ObjectNode now = recorder.record();

      assertThat(differences(then, now)).isEmpty();
      assertThat(addedSamples(now)).isNotEmpty().allMatch(line -> line.endsWith(" 0.0"));

      for (int round = 1; round < COMPARED_ROUNDS && !farWaits(then, now, 0).isEmpty(); round++) {
        recorder.shortenWaits(now);
      }
      assertThat(farWaits(then, now, stalls.longestMs())).isEmpty();
    }
  }

  @Test
  @EnabledIfSystemProperty(named = JAR, matches = ".+")
  void recordsAnotherBuild() throws IOException {
    Path jar = Path.of(System.getProperty(JAR, ""));
    ObjectNode recording;
    try (Recorder recorder = new Recorder(builder -> builder.jar(jar))) {
      recording = recorder.record();
      for (int round = 1; round < RECORDED_ROUNDS; round++) {
        recorder.shortenWaits(recording);
      }
    }
    Recording.write(recording);
    assertThat(recording.path("scenarios")).isNotEmpty();
  }

  private static List<String> differences(JsonNode then, JsonNode now) {
    Map<String, String> before = Recording.values(then);
    Map<String, String> after = Recording.values(now);
    TreeSet<String> places = new TreeSet<>(before.keySet());
    places.addAll(after.keySet());
    return places.stream()
        .filter(place -> !isAdded(place))
        .filter(place -> !Objects.equals(before.get(place), after.get(place)))
        .filter(place -> !isMended(place, before.get(place), after.get(place)))
        .map(place -> place + ": " + before.get(place) + " -> " + after.get(place))
        .toList();
  }

  private static boolean isAdded(String place) {
    return ADDED_METERS.stream()
        .anyMatch(
            name ->
                place.startsWith("/metrics/" + name)
                    || place.startsWith("/metrics/# TYPE " + name));
  }

  private static boolean isMended(String place, @Nullable String then, @Nullable String now) {
    String change = then + " -> " + now;
    if (place.matches("/(malformed/[^/]+|scenarios/[^/]+/dead_letters/0)/headers/Nats-Msg-Id/.*")) {
      return place.endsWith(".dlq") && change.equals("null -> there");
    }
    if (place.matches("/scenarios/http-(dribble|stall|stall-in-body)/dead_letters/0/body/.*")) {
      return (place.endsWith("/status") && change.equals("null -> \"error\""))
          || (place.endsWith("/as_in_result")
              && change.replace(" status", "").equals(now + " -> " + now));
    }
    if (place.equals("/scenarios/many-faults/ack/body/metadata/detail")) {
      return change
          .replace("1024 bytes of UTF-8", "128 printable ASCII characters")
          .equals(then + " -> " + then);
    }
    return place.equals("/scenarios/http-result-too-large/result/body/error/details/max_size")
        && change.equals("63488 -> 65536");
  }

  private static Stream<String> addedSamples(JsonNode now) {
    return now.path("metrics")
        .valueStream()
        .map(JsonNode::stringValue)
        .filter(line -> isAdded("/metrics/" + line) && line.matches("[a-z_]+_total[{ ].*"));
  }

  /** The waits that are not as they were; how many there are is among the values. */
  private static List<String> farWaits(JsonNode then, JsonNode now, long stalledMs) {
    List<String> far = new ArrayList<>();
    then.path("scenarios")
        .forEachEntry(
            (name, scenario) -> {
              JsonNode before = scenario.path("waits_ms");
              JsonNode after = now.path("scenarios").path(name).path("waits_ms");
              for (int i = 0; i < before.size(); i++) {
                long difference = after.path(i).longValue(-1) - before.path(i).longValue(-1);
                if (Math.abs(difference) > NEAR + stalledMs) {
                  far.add(name + ": " + before + " -> " + after);
                  return;
                }
              }
            });
    return far;
  }
}
