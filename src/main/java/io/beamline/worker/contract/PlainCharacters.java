package io.beamline.worker.contract;

/** Which characters a terminal shows as they are. Pure. */
public final class PlainCharacters {

  private PlainCharacters() {}

  /**
   * Returns whether a code point is visible and cannot move the cursor or change the direction of
   * writing.
   */
  public static boolean isPlain(int codePoint) {
    return switch (Character.getType(codePoint)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      default -> true;
    };
  }
}
