package io.beamline.worker.contract;

/**
 * One JSON value kept as the text it came as: carried without being interpreted, and written again
 * without being parsed. Immutable.
 *
 * @param text well-formed JSON
 */
public record RawJson(String text) {

  /** The empty object. */
  public static final RawJson EMPTY_OBJECT = new RawJson("{}");

  /** Its length only: payloads stay out of logs. */
  @Override
  public String toString() {
    return "RawJson[" + text.length() + " characters]";
  }
}
