package io.beamline.worker.block;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.io.JsonStringEncoder;

/**
 * Where an input of a block goes, which decides how an id of the assignment is escaped when a
 * configured step type puts it there (contract section 4). Pure.
 */
public enum InputPlace {
  /** A value that is not a part of an address: the id is put in as it is. */
  PLAIN("", ""),

  /** A text that is JSON: an id stays within its string. */
  JSON("", ""),

  /** What no id may be a part of, such as an SQL statement. */
  FIXED("", "without ids: they cannot be escaped there"),

  /**
   * A URL. An id may be in its path or query. Everything but letters, digits and {@code -._~} is
   * escaped.
   */
  URL("-._~", "a URL with ids in its path or query only"),

  /** The value of a header. Everything but visible ASCII is escaped, and the percent sign. */
  HEADER("!\"#$&'()*+,-./:;<=>?@[\\]^_`{|}~", ""),

  /** A NATS subject: an id stays within its token. */
  SUBJECT("-_", ""),

  /** The path of a file: an id stays within its segment. */
  PATH("-._", "");

  private static final Pattern AUTHORITY_FIRST =
      Pattern.compile("[A-Za-z][A-Za-z0-9+.-]*://[^/?#{}\\\\]+[/?#].*", Pattern.DOTALL);
  private static final Pattern JSON_TEXT = Pattern.compile("\\s*(\\{\\s*[\"}]|\\[)");
  private static final Pattern DOTS = Pattern.compile("\\.+");

  private final String kept;
  private final String rule;

  /**
   * Creates a place.
   *
   * @param kept what is not escaped besides letters and digits
   * @param rule what a text with ids must be there
   */
  InputPlace(String kept, String rule) {
    this.kept = kept;
    this.rule = rule;
  }

  /**
   * Returns the place of a text that is the value of an input. A text that begins as JSON does is
   * JSON; where headers are expected, no id may be in it, because it would need both escapes.
   */
  public InputPlace ofText(String text) {
    boolean json = JSON_TEXT.matcher(text).lookingAt();
    return switch (this) {
      case PLAIN -> json ? JSON : PLAIN;
      case HEADER -> json ? FIXED : HEADER;
      default -> this;
    };
  }

  /**
   * Returns what a text with ids must be there, or null if it is.
   *
   * @param beforeFirstId the text before its first id
   */
  public @Nullable String fault(String beforeFirstId) {
    return switch (this) {
      case FIXED -> rule;
      case URL -> AUTHORITY_FIRST.matcher(beforeFirstId).matches() ? null : rule;
      default -> null;
    };
  }

  /**
   * Returns an id, escaped for the place. Null if it cannot be there: a segment of a URL that
   * consists of dots is another folder to many servers, however it is escaped.
   */
  public @Nullable String escape(String id) {
    return switch (this) {
      case PLAIN -> id;
      case JSON -> new String(JsonStringEncoder.getInstance().quoteAsCharArray(id));
      case FIXED -> null;
      case URL -> DOTS.matcher(id).matches() ? null : percentEncoded(id, kept);
      case PATH -> percentEncoded(id, DOTS.matcher(id).matches() ? "" : kept);
      case HEADER, SUBJECT -> percentEncoded(id, kept);
    };
  }

  private static String percentEncoded(String text, String kept) {
    StringBuilder escaped = new StringBuilder(text.length() + 8);
    for (byte b : text.getBytes(UTF_8)) {
      char c = (char) (b & 0xFF);
      if (isLetterOrDigit(c) || kept.indexOf(c) >= 0) {
        escaped.append(c);
      } else {
        escaped.append('%');
        escaped.append(Character.toUpperCase(Character.forDigit(c >> 4, 16)));
        escaped.append(Character.toUpperCase(Character.forDigit(c & 0xF, 16)));
      }
    }
    return escaped.toString();
  }

  private static boolean isLetterOrDigit(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  }
}
