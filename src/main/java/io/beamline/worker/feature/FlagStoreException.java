package io.beamline.worker.feature;

/** Thrown when a flag's state could not be stored. Its message is a sentence for an operator. */
public final class FlagStoreException extends Exception {

  private static final long serialVersionUID = 1L;

  /** Creates an exception with a sentence that gives the reason. */
  public FlagStoreException(String sentence) {
    super(sentence);
  }

  /** Creates an exception with a sentence that gives the reason, and its cause. */
  public FlagStoreException(String sentence, Throwable cause) {
    super(sentence, cause);
  }
}
