package io.beamline.worker.feature;

/** A flag's state could not be stored. Its message is a sentence for an operator. */
public final class FlagStoreException extends Exception {

  private static final long serialVersionUID = 1L;

  /** Says why. */
  public FlagStoreException(String sentence) {
    super(sentence);
  }

  /** Says why, with what made it so. */
  public FlagStoreException(String sentence, Throwable cause) {
    super(sentence, cause);
  }
}
