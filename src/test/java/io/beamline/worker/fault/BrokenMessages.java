package io.beamline.worker.fault;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.beamline.worker.support.Assignments;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.UnaryOperator;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Generates broken assignments, each of another kind than the one before, the same for the same
 * seed. Not thread-safe.
 */
final class BrokenMessages {

  /** The name of the header that hostile values try to inject. */
  static final String INJECTED = "x-injected";

  private static final List<String> FIELDS =
      List.of("version", "assignment_id", "request_id", "tenant_id", "executor", "job", "options");

  private static final List<String> HOSTILE =
      List.of(
          "",
          "\0",
          "a\r\n" + INJECTED + ": yes",
          "a\n" + INJECTED + ": yes\r\n\r\n",
          "../../../../etc/passwd",
          "${jndi:ldap://x}",
          "%s%n%x",
          "\u2028\u2029",
          "\uD83D\uDE00".repeat(200),
          "\u202Eevil",
          "x".repeat(5_000),
          "a b",
          " a",
          "<script>",
          "a.b.>",
          "*");

  private static final List<String> NUMBERS =
      List.of("1e400", "-1e400", "1" + "0".repeat(2_000), "-0", "1E-999999", "9223372036854775808");

  private final Random random;
  private final List<UnaryOperator<Draft>> kinds =
      List.of(
          this::truncated,
          this::wrongType,
          this::hugeNumber,
          this::deeplyNested,
          this::longString,
          this::duplicateKey,
          this::withNul,
          this::badUtf8,
          this::hostileId,
          this::hostileText,
          this::missingField,
          this::flippedBytes,
          this::noObject);
  private int number;

  BrokenMessages(long seed) {
    this.random = new Random(seed);
  }

  /** The next one. */
  Broken next() {
    Draft draft = kinds.get(number % kinds.size()).apply(draft());
    String id = "m-" + number++;
    return new Broken(id, draft.body, Set.copyOf(List.of(draft.id, written(draft))));
  }

  /** The id as a reader of the message finds it; whoever broke the message may have changed it. */
  private static String written(Draft draft) {
    try {
      return JsonMapper.shared().readTree(draft.body).path("assignment_id").stringValue(draft.id);
    } catch (JacksonException e) {
      return draft.id;
    }
  }

  private Draft draft() {
    Assignments valid = Assignments.echo().correlated().id("broken-" + number);
    return new Draft(valid.id(), valid.bytes());
  }

  private Draft truncated(Draft draft) {
    return draft.body(Arrays.copyOf(draft.body, random.nextInt(draft.body.length)));
  }

  private Draft wrongType(Draft draft) {
    return changed(draft, pick(FIELDS), random.nextBoolean() ? 17 : List.of("x", 1));
  }

  private Draft hugeNumber(Draft draft) {
    String options = "\"options\":{\"deadline_ms\":" + pick(NUMBERS) + "}";
    return draft.body(inserted(draft, options));
  }

  private Draft deeplyNested(Draft draft) {
    int depth = 60 + random.nextInt(5_000);
    String nested = "\"metadata\":{\"a\":" + "[".repeat(depth) + "]".repeat(depth) + "}";
    return draft.body(inserted(draft, nested));
  }

  private Draft longString(Draft draft) {
    return changed(draft, pick(FIELDS), "y".repeat(1 + random.nextInt(20_000)));
  }

  private Draft duplicateKey(Draft draft) {
    return draft.body(inserted(draft, "\"" + pick(FIELDS) + "\":\"again\""));
  }

  private Draft withNul(Draft draft) {
    byte[] body = draft.body.clone();
    body[random.nextInt(body.length)] = 0;
    return draft.body(body);
  }

  private Draft badUtf8(Draft draft) {
    byte[] body = draft.body.clone();
    body[random.nextInt(body.length)] = (byte) (0x80 + random.nextInt(0x80));
    return draft.body(body);
  }

  private Draft hostileId(Draft draft) {
    String id = pick(HOSTILE) + (random.nextBoolean() ? "" : "-" + number);
    return new Draft(id, changed(draft, "assignment_id", id).body);
  }

  private Draft hostileText(Draft draft) {
    ObjectNode json = json(draft);
    json.put("tenant_id", pick(HOSTILE));
    json.put("request_id", pick(HOSTILE));
    json.withObject("job").put("type", pick(HOSTILE));
    json.withObject("correlation").put("trace_id", pick(HOSTILE));
    return draft.body(json.toString().getBytes(UTF_8));
  }

  private Draft missingField(Draft draft) {
    ObjectNode json = json(draft);
    json.remove(pick(FIELDS));
    return draft.body(json.toString().getBytes(UTF_8));
  }

  private Draft flippedBytes(Draft draft) {
    byte[] body = draft.body.clone();
    for (int i = 0; i < 3; i++) {
      body[random.nextInt(body.length)] ^= (byte) (1 << random.nextInt(8));
    }
    return draft.body(body);
  }

  private Draft noObject(Draft draft) {
    return draft.body(
        pick(List.of("", "null", "[]", "17", "\"text\"", "{", "}", "{}", "\uFEFF{}", "NaN"))
            .getBytes(UTF_8));
  }

  private static Draft changed(Draft draft, String field, Object value) {
    ObjectNode json = json(draft);
    json.putPOJO(field, value);
    return draft.body(JsonMapper.shared().writeValueAsBytes(json));
  }

  private static byte[] inserted(Draft draft, String member) {
    String text = new String(draft.body, ISO_8859_1);
    return (text.substring(0, text.length() - 1) + "," + member + "}").getBytes(ISO_8859_1);
  }

  private static ObjectNode json(Draft draft) {
    return (ObjectNode) JsonMapper.shared().readTree(draft.body);
  }

  private <T> T pick(List<T> values) {
    return values.get(random.nextInt(values.size()));
  }

  /**
   * A broken message.
   *
   * @param messageId names it in the stream
   * @param body its bytes
   * @param ids the assignment ids that an answer may name
   */
  @SuppressWarnings("ArrayRecordComponent") // compared by nobody
  record Broken(String messageId, byte[] body, Set<String> ids) {}

  /** A message on its way to be broken. */
  private static final class Draft {

    final String id;
    final byte[] body;

    Draft(String id, byte[] body) {
      this.id = id;
      this.body = body;
    }

    Draft body(byte[] changed) {
      return new Draft(id, changed);
    }
  }
}
