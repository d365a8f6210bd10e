package io.beamline.worker.contract;

import static java.nio.charset.StandardCharsets.UTF_8;

/**
 * One JSON value, byte for byte as it came. It is written again without being parsed. Immutable.
 *
 * @param utf8 well-formed JSON
 */
public record RawJson(Utf8Text utf8) {

  /** The empty object. */
  public static final RawJson EMPTY_OBJECT = new RawJson("{}");

  /**
   * Creates a value from text.
   *
   * @param text well-formed JSON without unpaired surrogates
   */
  public RawJson(String text) {
    this(text.getBytes(UTF_8));
  }

  /**
   * Creates a value from bytes.
   *
   * @param utf8 well-formed JSON in valid UTF-8; not copied, and never changed afterwards
   */
  public RawJson(byte[] utf8) {
    this(new Utf8Text(utf8, 0, utf8.length));
  }

  /** Returns whether the value is an object. */
  public boolean isObject() {
    return utf8.length() > 0 && utf8.at(0) == '{';
  }

  /** Returns the value as text, decoded at each call. */
  public String text() {
    return utf8.text();
  }

  /** Returns only the length, so that no payload reaches a log. */
  @Override
  public String toString() {
    return "RawJson[" + utf8.length() + " bytes]";
  }
}
