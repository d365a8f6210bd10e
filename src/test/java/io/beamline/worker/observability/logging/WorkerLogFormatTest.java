package io.beamline.worker.observability.logging;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.event.KeyValuePair;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class WorkerLogFormatTest {

  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(tools.jackson.core.StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .build();

  private final WorkerLogFormat format = new WorkerLogFormat("worker-1", false);
  private final Map<String, String> mdc = new HashMap<>();
  private final List<KeyValuePair> pairs = new ArrayList<>();

  @Test
  void writesKnownFieldsAtTheTopAndTheRestUnderContext() {
    mdc.put("tenant_id", "from the thread");
    mdc.put("trace_id", "t1");
    mdc.put("shard", "7");
    with("tenant_id", "acme").with("latency_ms", 12).with("attempt", 2).with("shard", 8);

    JsonNode line = line("Retry attempt started", null);

    assertThat(line.get("timestamp").asString())
        .matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{6}Z");
    assertThat(line.get("level").asString()).isEqualTo("INFO");
    assertThat(line.get("component").asString()).isEqualTo("worker");
    assertThat(line.get("message").asString()).isEqualTo("Retry attempt started");
    assertThat(line.get("tenant_id").asString()).isEqualTo("acme");
    assertThat(line.get("trace_id").asString()).isEqualTo("t1");
    assertThat(line.get("latency_ms").asInt()).isEqualTo(12);
    assertThat(line.has("run_id")).isFalse();
    JsonNode context = line.get("context");
    assertThat(context.get("worker_id").asString()).isEqualTo("worker-1");
    assertThat(context.get("attempt").asInt()).isEqualTo(2);
    assertThat(context.get("shard").asInt()).isEqualTo(8);
    assertThat(context.has("tenant_id")).isFalse();
  }

  @Test
  void redactsSecretsAtAnyDepthAndInTheThreadsContext() {
    mdc.put("user_email", "hidden");
    with("apiKey", "hidden")
        .with("request", Map.of("Headers", List.of(Map.of("Authorization", "Bearer hidden"))))
        .with("password", new String[] {"hidden"})
        .with("tenant_id", "acme")
        .with("open", Map.of("a", 1));

    String text = text("m", null);

    assertThat(text).doesNotContain("hidden").contains("\"Authorization\":\"[REDACTED]\"");
    JsonNode context = MAPPER.readTree(text).get("context");
    assertThat(context.get("apiKey").asString()).isEqualTo("[REDACTED]");
    assertThat(context.get("password").asString()).isEqualTo("[REDACTED]");
    assertThat(context.get("user_email").asString()).isEqualTo("[REDACTED]");
    assertThat(context.get("open").get("a").asInt()).isEqualTo(1);
  }

  @Test
  void cutsUserInfoInMessagesValuesAndExceptions() {
    with("server", "nats://u:hidden@h").with("uri", java.net.URI.create("http://u:hidden@h/x"));
    String text = text("to nats://u:hidden@h", new IllegalStateException("at http://u:hidden@h"));
    assertThat(text).doesNotContain("hidden").contains("nats://h", "http://h/x");
  }

  @Test
  void staysOnOneLineWhateverIsLogged() {
    with("name\r\n{\"forged\":1}", "value\r\n{\"level\":\"ERROR\"}\u2028");
    String text = text("first\r\n{\"message\":\"forged\"}", new IllegalStateException("a\nb"));
    assertThat(text).endsWith("}\n");
    assertThat(text.strip().lines()).hasSize(1);
    assertThat(MAPPER.readTree(text).get("message").asString())
        .isEqualTo("first\r\n{\"message\":\"forged\"}");
  }

  @Test
  void writesExceptionsWithFramesAndCauses() {
    JsonNode exception =
        line("m", new IllegalStateException("outer", new java.io.IOException("inner")))
            .get("context")
            .get("exception");
    assertThat(exception.get("class").asString()).isEqualTo("java.lang.IllegalStateException");
    assertThat(exception.get("message").asString()).isEqualTo("outer");
    assertThat(exception.get("frames").get(0).asString())
        .startsWith(getClass().getName() + ".writesExceptionsWithFramesAndCauses:");
    assertThat(exception.get("cause").get("class").asString()).isEqualTo("java.io.IOException");
    assertThat(exception.get("cause").get("message").asString()).isEqualTo("inner");
  }

  @Test
  void boundsDeepAndRoundThings() {
    Map<String, Object> round = new HashMap<>();
    round.put("again", round);
    IllegalStateException first = new IllegalStateException("x".repeat(5_000));
    first.initCause(new IllegalStateException("second", first));
    with("round", round);
    String text = text("m", first);
    assertThat(text).contains("[...]").hasSizeLessThan(20_000);
    assertThat(MAPPER.readTree(text)).isNotNull();
  }

  @Test
  void writesOddValuesAsText() {
    with("nan", Double.NaN)
        .with("infinite", Float.POSITIVE_INFINITY)
        .with("bytes", new byte[3])
        .with("nothing", null)
        .with("path", java.nio.file.Path.of("a/b"))
        .with("list", Arrays.asList(1, null, "x", true))
        .with("worker_id", "forged")
        .with("twice", 1)
        .with("twice", 2);
    JsonNode context = line("m", null).get("context");
    assertThat(context.get("nan").asString()).isEqualTo("NaN");
    assertThat(context.get("infinite").asString()).isEqualTo("Infinity");
    assertThat(context.get("bytes").asString()).isEqualTo("byte[3]");
    assertThat(context.has("nothing")).isFalse();
    assertThat(context.get("path").asString()).isEqualTo("a/b");
    assertThat(context.get("list").toString()).isEqualTo("[1,null,\"x\",true]");
    assertThat(context.get("worker_id").asString()).isEqualTo("worker-1");
    assertThat(context.get("twice").asInt()).isEqualTo(2);
  }

  @Test
  void aValueThatCannotBeWrittenCostsTheFieldsOnly() {
    with(
        "bad",
        new Object() {
          @Override
          public String toString() {
            throw new UnsupportedOperationException();
          }
        });
    JsonNode line = line("still here", null);
    assertThat(line.get("message").asString()).isEqualTo("still here");
    assertThat(line.get("context").get("worker_id").asString()).isEqualTo("worker-1");
    assertThat(line.get("context").get("format_failure").asString()).contains("Unsupported");
  }

  private WorkerLogFormatTest with(String name, @Nullable Object value) {
    pairs.add(new KeyValuePair(name, value));
    return this;
  }

  @Test
  void writesTextForPeople() {
    with("tenant_id", "acme").with("cause", "no \"route\"").with("apiKey", "hidden");
    with("servers", List.of("a:1", "b:2")).with("uri", "nats://u:hidden@h");
    String text = new WorkerLogFormat("worker-1", true).format(event("Not\u001b[2J yet", null));
    assertThat(text)
        .matches("(?s)\\d{4}-\\d\\d-\\d\\dT[0-9:.]+Z INFO  Not.*\n")
        .contains(
            "Not\\u001b[2J yet  tenant_id=acme  cause=\"no \\\"route\\\"\"  apiKey=[REDACTED]")
        .contains("servers=[\"a:1\",\"b:2\"]  uri=nats://h\n")
        .doesNotContain("hidden", "worker-1");
  }

  @Test
  void indentsTextThatTakesMoreLinesSoThatNobodyForgesOne() {
    with("name", "a\nb");
    IllegalStateException failure =
        new IllegalStateException("c\r\nd", new IllegalStateException());
    String text =
        new WorkerLogFormat("worker-1", true)
            .format(event("\n\nFailed\n\n2026-11-30 ERROR forged\n", failure));
    assertThat(text.lines().skip(1)).isNotEmpty().allMatch(line -> line.startsWith("    "));
    assertThat(text)
        .contains("INFO  Failed\n", "name=\"a\\nb\"", "java.lang.IllegalStateException: c\n    d\n")
        .contains("  at " + getClass().getName());
  }

  @ParameterizedTest
  @CsvSource({
    "auto, false, false",
    "auto, true, true",
    "AUTO, true, true",
    "'', true, true",
    "json, true, false",
    "text, false, true",
    "Text, false, true",
    "xml, false, false",
  })
  void writesTextOnATerminalUnlessToldOtherwise(String setting, boolean terminal, boolean text) {
    assertThat(WorkerLogFormat.isText(setting, terminal)).isEqualTo(text);
  }

  private JsonNode line(String message, @Nullable Throwable failure) {
    return MAPPER.readTree(text(message, failure));
  }

  private String text(String message, @Nullable Throwable failure) {
    return format.format(event(message, failure));
  }

  private LoggingEvent event(String message, @Nullable Throwable failure) {
    LoggerContext context = new LoggerContext();
    LoggingEvent event =
        new LoggingEvent(
            "fqcn", context.getLogger("logger"), Level.INFO, message, failure, new Object[0]);
    event.setMDCPropertyMap(mdc);
    event.setKeyValuePairs(pairs);
    return event;
  }
}
