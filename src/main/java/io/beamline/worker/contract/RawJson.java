package io.beamline.worker.contract;

import static java.nio.charset.StandardCharsets.UTF_8;

/**
 * One JSON value kept as it came: carried without being interpreted, and written again without
 * being parsed. Immutable.
 *
 * @param utf8 well-formed JSON
 */
public record RawJson(Utf8Text utf8) {

  /** The empty object. */
  public static final RawJson EMPTY_OBJECT = new RawJson("{}");

  /**
   * A value.
   *
   * @param text well-formed JSON, without surrogates that stand alone
   */
  public RawJson(String text) {
    this(text.getBytes(UTF_8));
  }

  /**
   * A value.
   *
   * @param utf8 well-formed JSON in valid UTF-8; not copied
   */
  RawJson(byte[] utf8) {
    this(new Utf8Text(utf8, 0, utf8.length));
  }

  /** Whether it is an object. */
  boolean isObject() {
    return utf8.length() > 0 && utf8.at(0) == '{';
  }

  /** Its text; made anew each time. */
  public String text() {
    return utf8.text();
  }

  /** Its length only: payloads stay out of logs. */
  @Override
  public String toString() {
    return "RawJson[" + utf8.length() + " bytes]";
  }
}
