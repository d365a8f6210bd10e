package io.beamline.worker.contract.json;

import io.beamline.worker.contract.RawJson;
import java.io.StringWriter;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.PrettyPrinter;
import tools.jackson.core.util.DefaultPrettyPrinter;
import tools.jackson.core.util.Separators;

/**
 * Formats JSON for people, one field per line, and redacts secrets. Numbers keep their digits.
 * Immutable; thread-safe if both functions are.
 *
 * @param isSecret whether the value of a field with this name is redacted
 * @param display returns the text to display for a string
 */
public record ReadableJson(Predicate<String> isSecret, UnaryOperator<String> display) {

  /** Redacts nothing. */
  public static final ReadableJson UNREDACTED = new ReadableJson(name -> false, text -> text);

  private static final String REDACTED = "[REDACTED]";

  private static final ObjectWriteContext PRETTY =
      new ObjectWriteContext.Base() {
        @Override
        public PrettyPrinter getPrettyPrinter() {
          return new DefaultPrettyPrinter(
              Separators.createDefaultInstance()
                  .withObjectNameValueSpacing(Separators.Spacing.AFTER));
        }

        @Override
        public boolean hasPrettyPrinter() {
          return true;
        }
      };

  /**
   * Returns the JSON with line breaks and indentation.
   *
   * @param json JSON within the limits of a dead letter, which are wider than an assignment's
   * @throws tools.jackson.core.JacksonException when the value is no JSON
   */
  public String format(RawJson json) {
    StringWriter text = new StringWriter();
    try (JsonParser in = Json.DEAD_LETTERS.createParser(ObjectReadContext.empty(), json.text());
        JsonGenerator out = Json.DEAD_LETTERS.createGenerator(PRETTY, text)) {
      for (JsonToken token = in.nextToken(); token != null; token = in.nextToken()) {
        copy(in, token, out);
      }
    }
    return text.toString();
  }

  private void copy(JsonParser in, JsonToken token, JsonGenerator out) {
    switch (token) {
      case PROPERTY_NAME -> {
        out.writeName(in.currentName());
        if (isSecret.test(in.currentName())) {
          in.nextToken();
          in.skipChildren();
          out.writeString(REDACTED);
        }
      }
      case VALUE_STRING -> out.writeString(display.apply(in.getString()));
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> out.writeNumber(in.getString());
      default -> out.copyCurrentEvent(in);
    }
  }
}
