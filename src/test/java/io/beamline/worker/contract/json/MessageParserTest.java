package io.beamline.worker.contract.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.beamline.worker.support.RandomCases;
import io.beamline.worker.support.RandomValues;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.json.JsonFactory;

/** Compared with Jackson's own parser: the same tokens at the same places, the same faults. */
class MessageParserTest {

  private static final JsonFactory JACKSON =
      JsonFactory.builder().disable(TokenStreamFactory.Feature.CHARSET_DETECTION).build();

  private static final MessageFactory OURS = new MessageFactory(JsonFactory.builder());

  private static final List<String> PIECES =
      List.of(
          "x",
          "plain text of some length ",
          "é",
          "\uD83D\uDE00",
          "\\n",
          "\\\"",
          "\\\\",
          "\\u00e9",
          "\\ud83d\\ude00",
          "\\uD800",
          "\\/");

  private static final List<String> FAULTS =
      List.of("\n", "\0", "\\x", "\\u00g0", "\\u12", "\\", "\"", "\uFFFD");

  @Test
  void isWhatEveryFactoryOfMessagesMakes() {
    for (JsonFactory factory : List.of(Json.MESSAGES, Json.DEAD_LETTERS, Json.PARTS)) {
      for (JsonFactory same : List.of(factory, factory.copy())) {
        try (JsonParser parser = parser(same, "{}".getBytes(UTF_8))) {
          assertThat(parser).isInstanceOf(MessageParser.class);
        }
      }
    }
  }

  @RandomCases(500)
  void passesOverStringsAsJacksonDoes(RandomValues random) {
    assertSame(document(random, string(random)));
  }

  @RandomCases(500)
  void reportsFaultsAsJacksonDoes(RandomValues random) {
    String faulty = string(random) + random.oneOf(FAULTS) + string(random);
    byte[] json = document(random, faulty);
    assertSame(json);
    json[random.between(0, json.length - 1)] = (byte) random.nextInt();
    assertSame(json);
    assertSame(Arrays.copyOf(json, random.between(0, json.length - 1)));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 7, 8, 63, 64, 65, 255, 256, 319, 320, 321, 1_000, 20_000})
  void passesOverAStringOfAnyLength(int length) {
    String text = "x".repeat(length);
    assertSame(("[\"" + text + "\",\"" + text + "\\t\", \"é" + text + "\" ]").getBytes(UTF_8));
  }

  private static byte[] document(RandomValues random, String string) {
    String space = " ".repeat(random.between(0, 9));
    return (space + "{\"a\":\"" + string + "\"" + space + ",\"b\":[\"" + string + "\",1,{}]}")
        .getBytes(UTF_8);
  }

  private static String string(RandomValues random) {
    return String.join(
        "x".repeat(random.between(0, 90)), random.list(0, 8, () -> random.oneOf(PIECES)));
  }

  private static void assertSame(byte[] json) {
    assertThat(tokens(OURS, json)).isEqualTo(tokens(JACKSON, json));
  }

  /** The tokens and their places, and the fault at the end. No string is read. */
  private static String tokens(JsonFactory factory, byte[] json) {
    StringBuilder tokens = new StringBuilder();
    try (JsonParser parser = parser(factory, json)) {
      for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
        tokens.append(token).append(parser.currentTokenLocation().getByteOffset()).append(' ');
      }
    } catch (JacksonException e) {
      tokens.append(e.getClass()).append(e.getOriginalMessage());
      tokens.append(e.getLocation().getByteOffset());
    }
    return tokens.toString();
  }

  private static JsonParser parser(JsonFactory factory, byte[] json) {
    return factory.createParser(ObjectReadContext.empty(), json);
  }
}
