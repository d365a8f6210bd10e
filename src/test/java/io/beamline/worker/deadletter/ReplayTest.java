package io.beamline.worker.deadletter;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ReplayTest {

  private static final String NEW_ID = "replay-17-00";

  @Test
  void repeatsTheAssignmentUnderANewIdAndNamesTheOldOne() {
    Replay.Ready ready = ready(Letters.of(Letters.failed(Letters.ORIGINAL)));
    assertThat(new String(ready.body(), UTF_8))
        .isEqualTo(
            """
            {"version":"1","assignment_id":"replay-17-00","request_id":"r-1","tenant_id":"t",\
            "executor":{"provider_id":"p"},"job":{"type":"echo","payload":{"n":1.10,"password":"hush"}},\
            "metadata":{"by":"me","replay_of":"a-1"}}""");
    assertThat(ready.oldId()).isEqualTo("a-1");
    assertThat(ready.assignmentId()).isEqualTo(NEW_ID);
  }

  @Test
  void copiesOnlyTheHeadersThatBelongToTheAssignment() {
    Map<String, String> headers =
        Map.of(
            "Nats-Msg-Id", "a-1.dlq",
            "x-dlq-reason", "failed",
            "trace_id", "t-1",
            "tenant_id", " ",
            "traceparent", "bad\u0007value");
    Replay.Ready ready = ready(Letters.of(Letters.failed(Letters.ORIGINAL), headers));
    assertThat(ready.headers().keySet())
        .containsExactlyInAnyOrder("Nats-Msg-Id", "x-replay-of", "trace_id");
    assertThat(ready.headers().getFirst("Nats-Msg-Id")).isEqualTo(NEW_ID);
    assertThat(ready.headers().getFirst("x-replay-of")).isEqualTo("a-1");
  }

  @Test
  void replaysTheDeepestAssignment() {
    String deep = Letters.ORIGINAL.replace("1.10", "[".repeat(61) + "]".repeat(61));
    assertThat(ready(Letters.of(Letters.failed(deep))).oldId()).isEqualTo("a-1");
  }

  @Test
  void replacesMetadataThatIsNoObject() {
    String odd = Letters.ORIGINAL.replaceFirst("\"metadata\":\\{.*?}", "\"metadata\":[1]");
    assertThat(new String(ready(Letters.of(Letters.failed(odd))).body(), UTF_8))
        .endsWith("\"metadata\":{\"replay_of\":\"a-1\"}}");
  }

  static Stream<Arguments> impossible() {
    String failed = Letters.failed(Letters.ORIGINAL);
    String base64 = Base64.getEncoder().encodeToString(Letters.ORIGINAL.getBytes(UTF_8));
    return Stream.of(
        arguments("no JSON", "it is not a JSON object"),
        arguments("[1]", "it is not a JSON object"),
        arguments(failed.replace("failed", "malformed"), "never an assignment"),
        arguments(failed.replace("\"reason\"", "\"truncated\":true,\"reason\""), "was cut"),
        arguments(Letters.failed("\"text\""), "not a valid assignment"),
        arguments(Letters.failed("{\"a\":1}"), "not a valid assignment"),
        arguments(Letters.failed(Letters.ORIGINAL.replace("r-1", "")), "not a valid assignment"),
        arguments(Letters.failed("\"" + base64 + "\""), "not a valid assignment"),
        arguments("{\"reason\":\"failed\"}", "not a valid assignment"),
        arguments(
            Letters.failed(
                Letters.ORIGINAL.replace(
                    "hush", "x".repeat(1_048_580 - Letters.ORIGINAL.length()))),
            "larger than an assignment may be"));
  }

  @ParameterizedTest
  @MethodSource("impossible")
  void saysWhyALetterCannotBeReplayed(String body, String why) {
    assertThat(Replay.of(Letters.of(body), NEW_ID))
        .isInstanceOfSatisfying(
            Replay.NotReplayable.class, it -> assertThat(it.why()).contains(why));
  }

  @Test
  void namesEachReplayForEverAndDifferentlyForEachStream() {
    Instant created = Instant.parse("2026-11-26T10:00:00.000000001Z");
    List<ReplayId> streams =
        List.of(
            new ReplayId("A", created),
            new ReplayId("B", created),
            new ReplayId("A", created.plusNanos(1)));
    assertThat(streams.stream().map(ids -> ids.assignmentId(7)).distinct()).hasSize(3);
    assertThat(streams.getFirst().assignmentId(7)).isEqualTo("replay-7-da3868b996287d36acaf");
    assertThat(streams.getFirst().key(7)).isEqualTo("1795687200-000000001.7");
  }

  private static Replay.Ready ready(Letter letter) {
    assertThat(Replay.of(letter, NEW_ID)).isInstanceOf(Replay.Ready.class);
    return (Replay.Ready) Replay.of(letter, NEW_ID);
  }
}
