package io.beamline.worker.feature;

import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;

/** A change of a flag was refused: nothing has changed. Its message is a sentence. */
final class FlagRefusedException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final HttpStatus status;

  private FlagRefusedException(HttpStatus status, String sentence, @Nullable Throwable cause) {
    super(sentence, cause);
    this.status = status;
  }

  /** What was asked for makes no sense. */
  static FlagRefusedException wrong(String sentence) {
    return new FlagRefusedException(HttpStatus.BAD_REQUEST, sentence, null);
  }

  /** It cannot be stored now. */
  static FlagRefusedException unavailable(FlagStoreException reason) {
    return new FlagRefusedException(
        HttpStatus.SERVICE_UNAVAILABLE, String.valueOf(reason.getMessage()), reason);
  }

  /** How an answer says it. */
  HttpStatus status() {
    return status;
  }

  /** The sentence. */
  String sentence() {
    return String.valueOf(getMessage());
  }
}
