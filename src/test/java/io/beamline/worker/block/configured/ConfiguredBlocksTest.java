package io.beamline.worker.block.configured;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.beamline.worker.block.Block;
import io.beamline.worker.block.BlockCall;
import io.beamline.worker.block.BlockRegistry;
import io.beamline.worker.block.BlockType;
import io.beamline.worker.block.InputPlace;
import io.beamline.worker.block.StepFailure;
import io.beamline.worker.config.StepTypeSettings;
import io.beamline.worker.config.UnusableSettingException;
import io.beamline.worker.contract.AssignmentIdentity;
import io.beamline.worker.contract.Correlation;
import io.beamline.worker.contract.ErrorCode;
import io.beamline.worker.contract.ExecAssignment;
import io.beamline.worker.contract.ExecResult;
import io.beamline.worker.contract.Outputs;
import io.beamline.worker.contract.RawJson;
import io.beamline.worker.contract.ResourcePool;
import io.beamline.worker.contract.StepOutcome;
import io.beamline.worker.contract.Utf8Text;
import io.beamline.worker.contract.json.MessageEncoder;
import io.beamline.worker.observability.logging.LogThrottle;
import io.beamline.worker.timeout.Deadline;
import io.beamline.worker.timeout.OperationTimeouts;
import io.beamline.worker.timeout.TimeSource;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.io.ByteArrayResource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/** What configured types ask of their blocks, and make of what those return. */
class ConfiguredBlocksTest {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final CallRecorder http = new CallRecorder("http.request", List.of("http"));
  private final CallRecorder other = new CallRecorder("other", List.of());

  @Test
  void aTypeIsItsBlockWithInputsOfItsOwn() throws Exception {
    Block hook =
        type(
            """
            block: http
            inputs:
              url: "https://hooks.example.org/{tenant_id}?a={assignment_id}"
              headers: {X-Request: "{request_id}", X-Fixed: "1"}
              retries: 2
              nested: [{provider: "{provider_id}"}, true]
            aliases: [ring]
            """);

    hook.run(
        call("{\"url\": \"http://evil.example\", \"body\": {\"x\": 1.10}, \"headers\": null}"));

    assertThat(hook.type()).isEqualTo(new BlockType("hook", List.of("ring"), ResourcePool.IO));
    assertThat(json(http.calls.getFirst().payload().text()))
        .isEqualTo(
            json(
                """
                {"url": "https://hooks.example.org/t%2F1?a=a%201",
                 "headers": {"X-Request": "r%0D%0AX:%201", "X-Fixed": "1"},
                 "retries": 2,
                 "nested": [{"provider": "p\\"1"}, true],
                 "body": {"x": 1.10}}
                """));
    assertThat(http.calls.getFirst().payload().text()).contains("1.10");
  }

  @Test
  void anAliasOfAnInputCannotRedirectIt() throws Exception {
    Block hook = type("{block: http, inputs: {link: \"http://a/\"}}");

    hook.run(call("{\"url\": \"http://evil.example\", \"link\": \"http://evil.example\"}"));

    assertThat(http.calls.getFirst().payload().text()).isEqualTo("{\"link\":\"http://a/\"}");
  }

  @Test
  void theWholePayloadMayBeOneInput() throws Exception {
    Block hook = type("{block: http, inputs: {url: \"http://a/\"}, payload-as: body}");

    hook.run(call("{\"url\": \"http://evil.example\", \"n\": null}"));

    assertThat(http.calls.getFirst().payload().text())
        .isEqualTo(
            "{\"url\":\"http://a/\",\"body\":{\"url\": \"http://evil.example\", \"n\": null}}");
  }

  @Test
  void idsStayWithinAJsonText() throws Exception {
    Block hook =
        type("{block: http, inputs: {url: \"http://a/\", body: '{\"p\": \"{provider_id}\"}'}}");

    hook.run(call("{}"));

    assertThat(json(http.calls.getFirst().payload().text()).get("body").stringValue())
        .isEqualTo("{\"p\": \"p\\\"1\"}");
  }

  @Test
  void doubledBracesMeanThemselves() throws Exception {
    Block hook = type("{block: other, inputs: {a: \"{{tenant_id}} is {tenant_id}\"}}");

    hook.run(call("{}"));

    assertThat(json(other.calls.getFirst().payload().text()).get("a").stringValue())
        .isEqualTo("{tenant_id} is t/1");
  }

  @Test
  void aSecretIsNoTemplate() throws Exception {
    System.setProperty("test.secret", "a{tenant_id}b{{x}}c{y}d");
    try {
      Block hook = type("{block: other, inputs: {a: \"${test.secret} {tenant_id}\"}}");

      hook.run(call("{}"));

      assertThat(json(other.calls.getFirst().payload().text()).get("a").stringValue())
          .isEqualTo("a{tenant_id}b{{x}}c{y}d t/1");
    } finally {
      System.clearProperty("test.secret");
    }
  }

  @Test
  void anIdThatCannotBeEscapedFailsBeforeTheBlockRuns() throws Exception {
    Block hook = type("{block: http, inputs: {url: \"http://a/{tenant_id}/x\"}}");
    BlockCall call = call("{}", "..");

    StepFailure failure = catchThrowableOfType(StepFailure.class, () -> hook.run(call));

    assertThat(failure.error().code()).isEqualTo(ErrorCode.INVALID_INPUT);
    assertThat(failure.error().details()).isEqualTo(Map.of("field", "tenant_id"));
    assertThat(hook.destination(call)).isNull();
    assertThat(http.calls).isEmpty();
  }

  @Test
  void everythingElseIsAsWithTheBlock() throws Exception {
    Block hook = type("{block: http, inputs: {url: \"http://a/\"}}");

    assertThat(hook.destination(call("{\"url\": \"http://evil.example\"}"))).isEqualTo("http://a/");
    assertThat(hook.hasEffects()).isFalse();
    assertThat(hook.capacity("d")).isEqualTo(7);
    assertThat(hook.hanging("d")).isEqualTo(3);
    assertThat(hook.unavailable()).isEqualTo(ErrorCode.HTTP_ERROR);
    assertThat(hook.place("url")).isEqualTo(InputPlace.URL);
  }

  @Test
  void aTimeoutReplacesThoseOfTheOperations() throws Exception {
    Block hook = type("{block: http, inputs: {url: \"http://a/\"}, timeout: 2s}");

    hook.run(call("{}"));

    assertThat(http.calls.getFirst().timeouts())
        .isEqualTo(OperationTimeouts.cp1(Duration.ofSeconds(2)));
  }

  @Test
  void theResultMayBeAPartOfTheOutputs() throws Exception {
    other.outputs =
        call ->
            Outputs.of(
                Map.of(
                    "body",
                    new RawJson("{\"a\": {\"n\": 1.10, \"list\": [1, {\"x\": 2}]}}"),
                    "text",
                    "{\"usage\": {\"cost\": 0.02}}",
                    "utf8",
                    Objects.requireNonNull(Utf8Text.of("{\"k\": 1}")),
                    "rows",
                    List.of(Map.of("id", 1L), Map.of("id", 2L))));

    assertThat(result("{block: other, outputs-from: /body/a}"))
        .isEqualTo("{\"n\": 1.10, \"list\": [1, {\"x\": 2}]}");
    assertThat(result("{block: other, outputs-from: /body/a/list/1}")).isEqualTo("{\"x\": 2}");
    assertThat(result("{block: other, outputs-from: /text/usage}")).isEqualTo("{\"cost\": 0.02}");
    assertThat(result("{block: other, outputs-from: /text}"))
        .isEqualTo("{\"usage\": {\"cost\": 0.02}}");
    assertThat(result("{block: other, outputs-from: /utf8}")).isEqualTo("{\"k\": 1}");
    assertThat(result("{block: other, outputs-from: /rows/1}")).isEqualTo("{\"id\":2}");
  }

  @ParameterizedTest
  @CsvSource({
    "/none",
    "/body/list",
    "/body/n",
    "/text",
    "/rows",
    "/rows/7",
    "/rows/x",
    "/body/list/9"
  })
  void aResultThatIsNoObjectFailsAndFreesTheOutputs(String pointer) throws Exception {
    AtomicInteger released = new AtomicInteger();
    other.outputs =
        call ->
            Outputs.holding(
                Map.of(
                    "body",
                    new RawJson("{\"n\": 1, \"list\": [2]}"),
                    "text",
                    "no JSON",
                    "rows",
                    List.of(Map.of())),
                released::incrementAndGet);
    Block type = type("{block: other, outputs-from: " + pointer + "}");

    StepFailure failure = catchThrowableOfType(StepFailure.class, () -> type.run(call("{}")));

    assertThat(failure.error().code()).isEqualTo(ErrorCode.EXECUTION_FAILED);
    assertThat(failure.error().retryable()).isFalse();
    assertThat(failure.error().details()).isEqualTo(Map.of("outputs_from", pointer));
    assertThat(released).hasValue(1);
  }

  @Test
  void whatAPartWasMadeFromIsFreedOnce() throws Exception {
    AtomicInteger released = new AtomicInteger();
    other.outputs =
        call -> Outputs.holding(Map.of("body", new RawJson("{}")), released::incrementAndGet);

    for (String settings :
        List.of("{block: other, outputs-from: /body}", "{block: other, cost: 1}")) {
      released.set(0);
      try (Outputs outputs = type(settings).run(call("{}"))) {
        assertThat(released).hasValue(0);
        assertThat(outputs).isInstanceOf(Outputs.Metered.class);
      }
      assertThat(released).hasValue(1);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{block: other}                                                 | 0.0",
        "{block: other, cost: 0.25}                                     | 0.25",
        "{block: other, cost: /body/usage/cost}                         | 0.0123",
        "{block: other, cost: /usage/cost, outputs-from: /body}         | 0.0123",
        "{block: other, cost: /body/usage/cost, outputs-from: /body}    | 0.0",
        "{block: other, cost: /body/usage/text}                         | 0.0",
        "{block: other, cost: /body/usage/negative}                     | 0.0",
        "{block: other, cost: /count}                                   | 3.0",
      })
  void theCostIsInTheResult(String settings, double cost) throws Exception {
    other.outputs =
        call ->
            Outputs.of(
                Map.of(
                    "body",
                    new RawJson(
                        "{\"usage\": {\"cost\": 0.0123, \"text\": \"1\", \"negative\": -1}}"),
                    "count",
                    3));

    assertThat(message(settings).get("cost").doubleValue()).isEqualTo(cost);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "hook: {block: none} | worker.types.hook.block is 'none', but must be one of the blocks"
            + " http.request, other.",
        "http: {block: other} | worker.types.http.block is 'http', but must be below a name that"
            + " no block and no other type has.",
        "hook: {block: other, aliases: [http.request]} | worker.types.hook.aliases is"
            + " 'http.request', but must be a name that no block and no other type has.",
        "http_request: {block: http} | worker.types.http_request.block is 'http_request', but must"
            + " be below a name that differs from the type http.request by more than case, dots,"
            + " dashes and underscores.",
        "hook: {block: http, inputs: {url: \"http://a/\"}, payload-as: link} |"
            + " worker.types.hook.payload-as is 'link', but must be an input that inputs does not"
            + " have.",
        "hook: {block: hook} | worker.types.hook.block is 'hook', but must be one of the blocks"
            + " http.request, other.",
        "hook: {block: http, inputs: {url: \"http://a/{tenant}\"}} | worker.types.hook.inputs.url"
            + " is '(hidden)', but must be a text whose names in braces are among {assignment_id},"
            + " {tenant_id}, {provider_id}, {request_id}, and not {tenant}.",
        "hook: {block: http, inputs: {url: \"http://{tenant_id}.a/\"}} |"
            + " worker.types.hook.inputs.url is '(hidden)', but must be a URL with ids in its path"
            + " or query only.",
        "hook: {block: http, inputs: {method: \"{tenant_id}\"}} | worker.types.hook.inputs.method"
            + " is '(hidden)', but must be without ids: they cannot be escaped there.",
        "hook: {block: http, inputs: {headers: '{\"a\": \"{tenant_id}\"}'}} |"
            + " worker.types.hook.inputs.headers is '(hidden)', but must be without ids: they"
            + " cannot be escaped there.",
      })
  void refusesWhatCannotWork(String types, String sentence) {
    assertThatThrownBy(() -> registry("worker.types: {" + types + "}"))
        .isInstanceOf(UnusableSettingException.class)
        .hasMessage(sentence);
  }

  @Test
  void aCostOfTheBlockItselfStaysUnlessTheTypeHasOne() throws Exception {
    other.outputs = call -> Outputs.metered(Outputs.of(Map.of("body", new RawJson("{}"))), 0.5);

    assertThat(message("{block: other}").get("cost").doubleValue()).isEqualTo(0.5);
    assertThat(message("{block: other, outputs-from: /body}").get("cost").doubleValue())
        .isEqualTo(0.5);
    assertThat(message("{block: other, cost: 2}").get("cost").doubleValue()).isEqualTo(2);
    assertThat(message("{block: other, cost: 0}").get("cost").doubleValue()).isZero();
  }

  private String result(String settings) throws Exception {
    byte[] message = encoded(settings);
    String text = new String(message, UTF_8);
    return text.substring(text.indexOf("\"result\":") + 9, text.indexOf(",\"latency_ms\""));
  }

  private JsonNode message(String settings) throws Exception {
    return JSON.readTree(encoded(settings));
  }

  private byte[] encoded(String settings) throws Exception {
    try (Outputs outputs = type(settings).run(call("{}"))) {
      return MessageEncoder.encode(
          new ExecResult(
              AssignmentIdentity.UNKNOWN,
              new StepOutcome.Success(outputs),
              1,
              0,
              1,
              ExecResult.Cp2.NOTHING));
    }
  }

  private Block type(String settings) throws IOException {
    String indented = settings.strip().replace("\n", "\n    ");
    String yaml =
        indented.startsWith("{")
            ? "worker.types:\n  hook: " + indented
            : "worker.types:\n  hook:\n    " + indented;
    return Objects.requireNonNull(registry(yaml).find("hook"));
  }

  private BlockRegistry registry(String yaml) throws IOException {
    StandardEnvironment environment = new StandardEnvironment();
    new YamlPropertySourceLoader()
        .load("test", new ByteArrayResource(yaml.getBytes(UTF_8)))
        .forEach(environment.getPropertySources()::addFirst);
    return ConfiguredBlocks.registry(
        List.of(http, other),
        StepTypeSettings.read(environment),
        new LogThrottle(TimeSource.system(), Duration.ofSeconds(1)));
  }

  private static BlockCall call(String payload) {
    return call(payload, "t/1");
  }

  private static BlockCall call(String payload, String tenant) {
    RawJson json = new RawJson(payload);
    ExecAssignment assignment =
        new ExecAssignment(
            "a 1",
            "r\r\nX: 1",
            tenant,
            "p\"1",
            "hook",
            json,
            new ExecAssignment.Options(0, 0, 0, 0),
            Correlation.NONE);
    return new BlockCall(
        assignment,
        json,
        1,
        null,
        OperationTimeouts.cp1(Duration.ofSeconds(10)),
        Deadline.never(),
        false,
        () -> false);
  }

  private static JsonNode json(String text) {
    return JSON.readTree(text);
  }

  /** Records its calls, and names its inputs' places as the HTTP request does. */
  private static final class CallRecorder implements Block {

    private final BlockType type;
    private final List<BlockCall> calls = new ArrayList<>();
    private Function<BlockCall, Outputs> outputs = call -> Outputs.of(new LinkedHashMap<>());

    CallRecorder(String name, List<String> aliases) {
      type = new BlockType(name, aliases, ResourcePool.IO);
    }

    @Override
    public BlockType type() {
      return type;
    }

    @Override
    public Outputs run(BlockCall call) {
      calls.add(call);
      return outputs.apply(call);
    }

    @Override
    public String destination(BlockCall call) {
      return String.valueOf(call.text("url"));
    }

    @Override
    public String inputName(String nameOrAlias) {
      return nameOrAlias.equals("link") ? "url" : nameOrAlias;
    }

    @Override
    public InputPlace place(String input) {
      return switch (input) {
        case "url" -> InputPlace.URL;
        case "headers" -> InputPlace.HEADER;
        case "method" -> InputPlace.FIXED;
        default -> InputPlace.PLAIN;
      };
    }

    @Override
    public boolean hasEffects() {
      return false;
    }

    @Override
    public int capacity(String destination) {
      return 7;
    }

    @Override
    public int hanging(String destination) {
      return 3;
    }

    @Override
    public ErrorCode unavailable() {
      return ErrorCode.HTTP_ERROR;
    }
  }
}
