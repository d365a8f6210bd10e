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
 * Writes JSON for a person: a field on each line, what is secret left out. Numbers stay digit by
 * digit as they came. Pure; thread-safe.
 *
 * @param secret whether the value of a field with this name is left out
 * @param shown how a string is shown
 */
public record ReadableJson(Predicate<String> secret, UnaryOperator<String> shown) {

  /** Leaves nothing out. */
  public static final ReadableJson WHOLE = new ReadableJson(name -> false, text -> text);

  private static final String LEFT_OUT = "[REDACTED]";

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
   * The text in lines.
   *
   * @throws tools.jackson.core.JacksonException when it is no JSON
   */
  public String of(RawJson json) {
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
        if (secret.test(in.currentName())) {
          in.nextToken();
          in.skipChildren();
          out.writeString(LEFT_OUT);
        }
      }
      case VALUE_STRING -> out.writeString(shown.apply(in.getString()));
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> out.writeNumber(in.getString());
      default -> out.copyCurrentEvent(in);
    }
  }
}
