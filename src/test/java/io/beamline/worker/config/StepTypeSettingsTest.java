package io.beamline.worker.config;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.beamline.worker.retry.RetryOverride;
import java.io.IOException;
import java.math.BigInteger;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.core.io.ByteArrayResource;

/** Step types, as files and the environment give them. */
class StepTypeSettingsTest {

  @Test
  void areNoneByDefault() {
    assertThat(StepTypeSettings.read(new StandardEnvironment())).isEqualTo(ConfiguredTypes.NONE);
  }

  @Test
  void keepWhatAFileSays() throws IOException {
    ConfiguredTypes types =
        read(
            """
            worker.types:
              chat:
                block: nats.request
                inputs: {subject: "provider.{provider_id}.v1", timeout_ms: 500}
                payload-as: body
                outputs-from: /body
                cost: /usage/cost
                aliases: [talk, "chat.send"]
                retry: {max-attempts: 2, base-delay: 1s}
                timeout: 10s
              "[orders.find]":
                block: sql.query
                inputs:
                  query: select 1
                  params: [1, true, "x", {a: [2.5]}, 12345678901234567890]
                  read_only: true
                  headers: {X-Api-Key: "${KEY}", "[with space]": y}
                cost: 0.25
            """,
            Map.of("KEY", "secret"));

    assertThat(types.byName().keySet()).containsExactly("chat", "orders.find");
    StepTypeProperties orders = Objects.requireNonNull(types.byName().get("orders.find"));
    assertThat(types.byName().get("chat"))
        .isEqualTo(
            new StepTypeProperties(
                "nats.request",
                Map.of("subject", "provider.{provider_id}.v1", "timeout_ms", 500),
                "body",
                "/body",
                List.of("talk", "chat.send"),
                Map.of("max-attempts", "2", "base-delay", "1s"),
                Duration.ofSeconds(10),
                "/usage/cost"));
    assertThat(orders.inputs())
        .isEqualTo(
            Map.of(
                "query",
                "select 1",
                "params",
                List.of(
                    1,
                    true,
                    "x",
                    Map.of("a", List.of(2.5)),
                    new BigInteger("12345678901234567890")),
                "read_only",
                true,
                "headers",
                Map.of("X-Api-Key", "secret", "with space", "y")));
    assertThat(orders.toString()).doesNotContain("secret");
  }

  @Test
  void mayComeFromTheEnvironment() {
    StandardEnvironment environment = new StandardEnvironment();
    environment
        .getPropertySources()
        .addFirst(
            new SystemEnvironmentPropertySource(
                StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME,
                new HashMap<>(
                    Map.of(
                        "WORKER_TYPES_HOOK_BLOCK", "http.request",
                        "WORKER_TYPES_HOOK_INPUTS_URL", "https://hooks.example.org/",
                        "WORKER_TYPES_HOOK_PAYLOADAS", "body"))));

    assertThat(StepTypeSettings.read(environment).byName().get("hook"))
        .extracting(StepTypeProperties::inputs, StepTypeProperties::payloadAs)
        .containsExactly(Map.of("url", "https://hooks.example.org/"), "body");
  }

  @Test
  void retrySettingsOfATypeAreThoseOfItsName() throws IOException {
    ConfiguredTypes types =
        read(
            "worker.types.hook: {block: http.request, retry: {max-attempts: 2, baseDelay: 1s}}",
            Map.of());
    RetryProperties settings = retrySettings(Map.of("hook.max-attempts", "7"));

    assertThat(RetryOverrideSettings.of(settings, types).types())
        .containsExactly(
            Map.entry("hook", new RetryOverride(7, Duration.ofSeconds(1), null, null, null)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "x: {inputs: {a: 1}} | worker.types.x.block is '', but must be the name of a block.",
        "\"[0x]\": {block: echo} | worker.types.0x is '0x', but must be below a name of 1 to 64"
            + " letters, digits, dots, - and _ that begins with a letter.",
        "x: {block: echo, aliases: [\"a b\"]} | worker.types.x.aliases is 'a b', but must be a name"
            + " of 1 to 64 letters, digits, dots, - and _ that begins with a letter.",
        "x: {block: echo, input: {a: 1}} | worker.types.x.input.a is '(hidden)', but must be one of"
            + " the settings of a type: block, inputs, payload-as, outputs-from, aliases, retry,"
            + " timeout, cost.",
        "x: {block: echo, inputs: {body: 1}, payload-as: body} | worker.types.x.payload-as is"
            + " 'body', but must be an input that inputs does not have.",
        "x: {block: echo, outputs-from: body} | worker.types.x.outputs-from is 'body', but must be"
            + " a JSON pointer such as /body.",
        "x: {block: echo, cost: -1} | worker.types.x.cost is '-1', but must be a number from 0, or"
            + " a JSON pointer such as /usage/cost.",
        "x: {block: echo, cost: much} | worker.types.x.cost is 'much', but must be a number from 0,"
            + " or a JSON pointer such as /usage/cost.",
        "x: {block: echo, timeout: 2h} | worker.types.x.timeout is 'PT2H', but must be a duration"
            + " from 1ms to 1h.",
        "x: {block: echo, timeout: soon} | worker.types.x.timeout is '(hidden)', but must be a"
            + " duration from 1ms to 1h.",
        "x: {block: echo, inputs: {h: {k: \"a ${NOBODY} b\"}}} | worker.types.x.inputs.h is"
            + " '(hidden)', but must be without ${NOBODY}, which is not set.",
        "x: {block: echo, inputs: {n: .inf}} | worker.types.x.inputs.n is '(hidden)', but must be"
            + " without numbers that are not finite.",
      })
  void refuseWhatMakesNoSense(String type, String sentence) {
    assertThatThrownBy(() -> read("worker.types: {" + type + "}", Map.of()))
        .isInstanceOf(UnusableSettingException.class)
        .hasMessage(sentence);
  }

  @Test
  void refuseRetrySettingsThatMakeNoSense() throws IOException {
    ConfiguredTypes types = read("worker.types.x: {block: echo, retry: {attempts: 3}}", Map.of());

    assertThatThrownBy(() -> RetryOverrideSettings.of(retrySettings(Map.of()), types))
        .hasMessage(
            "worker.types.x.retry.attempts is '3', but must be one of max-attempts, base-delay,"
                + " max-delay, multiplier, jitter.");
  }

  private static RetryProperties retrySettings(Map<String, Object> types) {
    Map<String, Object> named = new HashMap<>();
    types.forEach((name, value) -> named.put("worker.retry.types." + name, value));
    StandardEnvironment environment = new StandardEnvironment();
    environment.getPropertySources().addFirst(new MapPropertySource("test", named));
    return SettingsCheck.binder(environment)
        .bindOrCreate("worker.retry", Bindable.of(RetryProperties.class));
  }

  private static ConfiguredTypes read(String yaml, Map<String, Object> set) throws IOException {
    StandardEnvironment environment = new StandardEnvironment();
    environment.getPropertySources().addFirst(new MapPropertySource("set", set));
    new YamlPropertySourceLoader()
        .load("test", new ByteArrayResource(yaml.getBytes(UTF_8)))
        .forEach(environment.getPropertySources()::addFirst);
    return StepTypeSettings.read(environment);
  }
}
