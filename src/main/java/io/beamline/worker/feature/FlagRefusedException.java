package io.beamline.worker.feature;

import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;

/**
 * Thrown when a change of a flag is refused. No flag has changed. Its message is a sentence for an
 * operator.
 */
final class FlagRefusedException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final HttpStatus status;

  private FlagRefusedException(HttpStatus status, String sentence, @Nullable Throwable cause) {
    super(sentence, cause);
    this.status = status;
  }

  /** Returns an exception for a request that is not valid. */
  static FlagRefusedException invalid(String sentence) {
    return new FlagRefusedException(HttpStatus.BAD_REQUEST, sentence, null);
  }

  /** Returns an exception for a change that cannot be stored now. */
  static FlagRefusedException unavailable(FlagStoreException reason) {
    return new FlagRefusedException(
        HttpStatus.SERVICE_UNAVAILABLE, String.valueOf(reason.getMessage()), reason);
  }

  /** Returns the status of the HTTP response. */
  HttpStatus status() {
    return status;
  }

  /** Returns the reason as a sentence. */
  String sentence() {
    return String.valueOf(getMessage());
  }
}
