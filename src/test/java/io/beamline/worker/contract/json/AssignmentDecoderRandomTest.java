package io.beamline.worker.contract.json;

import static io.beamline.worker.contract.json.Sample.decode;
import static io.beamline.worker.contract.json.Sample.quoted;
import static io.beamline.worker.contract.json.Sample.valid;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.beamline.worker.contract.AssignmentIdentity;
import io.beamline.worker.contract.Correlation;
import io.beamline.worker.contract.ExecAssignment;
import io.beamline.worker.contract.RawJson;
import io.beamline.worker.contract.RejectReason;
import io.beamline.worker.support.RandomCases;
import io.beamline.worker.support.RandomValues;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** The decoder never throws, whatever bytes arrive. */
class AssignmentDecoderRandomTest {

  private static final byte[] MESSAGE = Sample.file("assign-http.json");

  private static final List<String> TOKENS =
      List.of(
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
  private static final List<String> PATHS =
      List.of(
          """
          version assignment_id request_id tenant_id executor executor.provider_id
          executor.channel job job.type job.payload job.payload_ref options
          options.priority options.deadline_ms options.retry options.retry.max_attempts
          options.retry.backoff_ms correlation correlation.run_id decision metadata
          metadata.trace_id more\
          """
              .split("\\s+", -1));
  private static final List<String> SCALARS =
      List.of("null", "true", "false", "1", "\"1\"", "\"nats\"", "{}", "[]");

  @RandomCases(300)
  void decodesGarbage(RandomValues random) {
    assertThat(decode(random.bytes(300))).isInstanceOf(Decoded.Malformed.class);
  }

  @RandomCases(300)
  void decodesText(RandomValues random) {
    assertThat(decode(anyText(random))).isInstanceOf(Decoded.Malformed.class);
  }

  @RandomCases(300)
  void callsEveryTruncationMalformed(RandomValues random) {
    int end = random.between(0, MESSAGE.length - 2);
    assertThat(decode(Arrays.copyOf(MESSAGE, end))).isInstanceOf(Decoded.Malformed.class);
  }

  @RandomCases(300)
  void decodesEveryMutation(RandomValues random) {
    byte[] mutated = MESSAGE.clone();
    for (int places = random.between(1, 4); places > 0; places--) {
      mutated[random.between(0, mutated.length - 1)] = (byte) random.nextInt();
    }
    assertConsistent(mutated);
  }

  @RandomCases(300)
  void decodesEveryTokenInAnyPlace(RandomValues random) {
    StringBuilder message = new StringBuilder(new String(MESSAGE, UTF_8));
    message.insert(random.between(0, message.length()), random.oneOf(TOKENS));
    assertConsistent(message.toString().getBytes(UTF_8));
  }

  @RandomCases(300)
  void decodesAnyValueInAnyField(RandomValues random) {
    String value = json(random, () -> anyText(random));
    assertConsistent(Sample.with(random.oneOf(PATHS), value));
  }

  @RandomCases(300)
  void readsWhatWasWritten(RandomValues random) {
    ExecAssignment assignment = assignment(random);
    assertThat(valid(written(assignment)).assignment()).isEqualTo(assignment);
    assertThat(valid(written(assignment)).adjustments()).isEmpty();
  }

  @RandomCases(300)
  void refusesWhatIsNestedTooDeepAndNothingElse(RandomValues random) {
    int depth = random.between(1, 130);
    byte[] message = Sample.with("more", nested(random, depth));
    if (depth < 64) {
      assertThat(decode(message)).isInstanceOf(Decoded.Valid.class);
    } else {
      assertThat(Sample.rejected(message).detail())
          .isEqualTo("the message is nested deeper than 64");
    }
  }

  /** Arrays and objects within each other, so many, with texts before and after the next one. */
  private static String nested(RandomValues random, int depth) {
    String inner = depth == 1 ? "1" : nested(random, depth - 1);
    String text = quoted(anyText(random));
    return switch (random.nextInt(3)) {
      case 0 -> "[" + text + "," + inner + "]";
      case 1 -> "[ " + inner + ", " + text + "]";
      default -> "{" + quoted(text(random)) + ":" + inner + "}";
    };
  }

  private static String anyText(RandomValues random) {
    return random.text(0, 300, '\0', '\uFFFF');
  }

  private static String json(RandomValues random, Supplier<String> texts) {
    return switch (random.nextInt(4)) {
      case 0 -> "[" + String.join(",", random.list(0, 3, () -> scalar(random, texts))) + "]";
      case 1 -> "{" + quoted(texts.get()) + ":" + scalar(random, texts) + "}";
      default -> scalar(random, texts);
    };
  }

  private static String scalar(RandomValues random, Supplier<String> texts) {
    return switch (random.nextInt(4)) {
      case 0 -> quoted(texts.get());
      case 1 -> String.valueOf(random.between(-1e300, 1e300));
      case 2 -> new BigInteger(random.between(0, 300), Random.from(random)).toString();
      default -> random.oneOf(SCALARS);
    };
  }

  private static ExecAssignment assignment(RandomValues random) {
    ExecAssignment.Options options =
        new ExecAssignment.Options(
            random.between(0, 100),
            random.between(1, 3_600_000),
            random.between(1, 20),
            random.between(1, 60_000));
    Supplier<@Nullable String> maybe = () -> random.nextInt(3) == 0 ? null : text(random);
    return new ExecAssignment(
        random.text(1, 128, ' ', '~'),
        random.text(1, 128, ' ', '~'),
        text(random),
        text(random),
        "echo",
        new RawJson("{ \"é\" :" + json(random, () -> text(random)) + "}"),
        options,
        new Correlation(maybe.get(), maybe.get(), maybe.get(), maybe.get()));
  }

  private static String text(RandomValues random) {
    return random.text(1, 40, '\0', '\uD7FF') + random.text(0, 40, '\uE000', '\uFFFF');
  }

  /** A message has exactly one of three results, and each result is complete. */
  private static void assertConsistent(byte[] message) {
    switch (decode(message)) {
      case Decoded.Valid(ExecAssignment assignment, List<String> adjustments) -> {
        assertThat(assignment.assignmentId()).matches("[ -~]{1,128}");
        assertThat(assignment.requestId().getBytes(UTF_8)).hasSizeBetween(1, 1024);
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
