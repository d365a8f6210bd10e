package io.beamline.worker.contract;

import static io.beamline.worker.contract.Sample.decode;
import static io.beamline.worker.contract.Sample.quoted;
import static io.beamline.worker.contract.Sample.valid;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** Whatever arrives, the decoder answers: nothing that is sent can make it throw. */
class AssignmentDecoderPropertyTest {

  private static final byte[] MESSAGE = Sample.file("assign-http.json");

  @Property(tries = 1000)
  void answersGarbage(@ForAll byte[] garbage) {
    assertThat(decode(garbage)).isInstanceOf(Decoded.Malformed.class);
  }

  @Property(tries = 1000)
  void answersText(@ForAll String text) {
    assertThat(decode(text)).isInstanceOf(Decoded.Malformed.class);
  }

  @Property(tries = 1000)
  void callsEveryTruncationMalformed(@ForAll @IntRange(max = 5000) int length) {
    int end = length % (MESSAGE.length - 1);
    assertThat(decode(Arrays.copyOf(MESSAGE, end))).isInstanceOf(Decoded.Malformed.class);
  }

  @Property(tries = 2000)
  void answersEveryMutation(
      @ForAll @Size(min = 1, max = 4) List<@IntRange(max = 5000) Integer> places,
      @ForAll @Size(4) List<Byte> values) {
    byte[] mutated = MESSAGE.clone();
    for (int i = 0; i < places.size(); i++) {
      mutated[places.get(i) % mutated.length] = values.get(i);
    }
    answersConsistently(mutated);
  }

  @Property(tries = 1000)
  void answersEveryTokenInAnyPlace(
      @ForAll @IntRange(max = 5000) int place, @ForAll("tokens") String token) {
    String message = new String(MESSAGE, UTF_8);
    int at = place % message.length();
    answersConsistently((message.substring(0, at) + token + message.substring(at)).getBytes(UTF_8));
  }

  @Property(tries = 1000)
  void answersAnyValueInAnyField(@ForAll("paths") String path, @ForAll("values") String value) {
    answersConsistently(Sample.with(path, value));
  }

  @Property(tries = 1000, edgeCases = EdgeCasesMode.NONE)
  void readsWhatWasWritten(@ForAll("assignments") ExecAssignment assignment) {
    assertThat(valid(written(assignment)).assignment()).isEqualTo(assignment);
    assertThat(valid(written(assignment)).adjustments()).isEmpty();
  }

  @Provide
  Arbitrary<String> tokens() {
    return Arbitraries.of(
        "\"",
        "\\",
        "{",
        "}",
        "[",
        "]",
        ",",
        ":",
        "null",
        "true",
        "0",
        "-",
        "e9",
        "\"a\":1,",
        "\"version\":\"1\",",
        "\uFEFF",
        "\0",
        "\\u0000",
        "\\ud800",
        "é",
        "\uD83D\uDE00",
        "\n",
        " ");
  }

  @Provide
  Arbitrary<String> paths() {
    return Arbitraries.of(
        "version",
        "assignment_id",
        "request_id",
        "tenant_id",
        "executor",
        "executor.provider_id",
        "executor.channel",
        "job",
        "job.type",
        "job.payload",
        "job.payload_ref",
        "options",
        "options.priority",
        "options.deadline_ms",
        "options.retry",
        "options.retry.max_attempts",
        "options.retry.backoff_ms",
        "correlation",
        "correlation.run_id",
        "decision",
        "metadata",
        "metadata.trace_id",
        "more");
  }

  @Provide
  Arbitrary<String> values() {
    return json(Arbitraries.strings().withCharRange('\0', '\uFFFF').ofMaxLength(300));
  }

  private static Arbitrary<String> json(Arbitrary<String> texts) {
    Arbitrary<String> quoted = texts.map(Sample::quoted);
    Arbitrary<String> scalars =
        Arbitraries.oneOf(
            quoted,
            Arbitraries.doubles().map(String::valueOf),
            Arbitraries.bigIntegers().map(String::valueOf),
            Arbitraries.of("null", "true", "false", "1", "\"1\"", "\"nats\"", "{}", "[]"));
    return Arbitraries.oneOf(
        scalars,
        scalars.list().ofMaxSize(3).map(items -> "[" + String.join(",", items) + "]"),
        Combinators.combine(quoted, scalars).as((name, value) -> "{" + name + ":" + value + "}"));
  }

  @Provide
  Arbitrary<ExecAssignment> assignments() {
    Arbitrary<String> ids =
        Arbitraries.strings().withCharRange(' ', '~').ofMinLength(1).ofMaxLength(128);
    Arbitrary<String> texts =
        Arbitraries.strings()
            .withCharRange('\0', '\uD7FF')
            .withCharRange('\uE000', '\uFFFF')
            .ofMinLength(1)
            .ofMaxLength(80);
    Arbitrary<ExecAssignment.Options> options =
        Combinators.combine(
                Arbitraries.integers().between(0, 100),
                Arbitraries.integers().between(1, 3_600_000),
                Arbitraries.integers().between(1, 20),
                Arbitraries.integers().between(1, 60_000))
            .as(ExecAssignment.Options::new);
    Arbitrary<@Nullable String> maybe = texts.injectNull(0.3);
    Arbitrary<Correlation> correlations =
        Combinators.combine(maybe, maybe, maybe, maybe).as(Correlation::new);
    Arbitrary<RawJson> payloads = json(texts).map(value -> new RawJson("{ \"é\" :" + value + "}"));
    return Combinators.combine(ids, ids, texts, texts, payloads, options, correlations)
        .as(
            (id, request, tenant, provider, payload, limits, correlation) ->
                new ExecAssignment(
                    id, request, tenant, provider, "echo", payload, limits, correlation));
  }

  /** Exactly one of three answers, each whole: what is valid can be run, the rest can be told. */
  private static void answersConsistently(byte[] message) {
    switch (decode(message)) {
      case Decoded.Valid(ExecAssignment assignment, List<String> adjustments) -> {
        assertThat(assignment.assignmentId()).matches("[ -~]{1,128}");
        assertThat(assignment.requestId()).matches("[ -~]{1,128}");
        assertThat(assignment.tenantId().getBytes(UTF_8)).hasSizeBetween(1, 256);
        assertThat(assignment.providerId()).isNotEmpty();
        assertThat(assignment.options().priority()).isBetween(0, 100);
        assertThat(assignment.options().deadlineMs()).isBetween(0, 3_600_000);
        assertThat(assignment.options().maxAttempts()).isBetween(0, 20);
        assertThat(assignment.options().backoffMs()).isBetween(0, 60_000);
        JsonFields.of(assignment.payload());
        assertThat(adjustments).doesNotContain("");
      }
      case Decoded.Rejected(AssignmentIdentity identity, RejectReason reason, String detail) -> {
        assertThat(identity.assignmentId()).matches("[ -~]{1,128}");
        assertThat(reason).isNotIn(RejectReason.QUEUE_FULL, RejectReason.SHUTTING_DOWN);
        assertThat(detail).isNotEmpty();
      }
      case Decoded.Malformed malformed -> assertThat(malformed.fault()).startsWith("the message ");
    }
  }

  private static byte[] written(ExecAssignment assignment) {
    ObjectNode json = Sample.minimal();
    Sample.put(json, "assignment_id", quoted(assignment.assignmentId()));
    Sample.put(json, "request_id", quoted(assignment.requestId()));
    json.put("tenant_id", assignment.tenantId());
    Sample.put(json, "executor.provider_id", quoted(assignment.providerId()));
    Sample.put(json, "job.payload", assignment.payload().text());
    ExecAssignment.Options options = assignment.options();
    Sample.put(json, "options.priority", String.valueOf(options.priority()));
    Sample.put(json, "options.deadline_ms", String.valueOf(options.deadlineMs()));
    Sample.put(json, "options.retry.max_attempts", String.valueOf(options.maxAttempts()));
    Sample.put(json, "options.retry.backoff_ms", String.valueOf(options.backoffMs()));
    Correlation ids = assignment.correlation();
    json.putObject("correlation")
        .put("trace_id", ids.traceId())
        .put("run_id", ids.runId())
        .put("flow_id", ids.flowId())
        .put("step_id", ids.stepId());
    return Sample.bytes(json);
  }
}
