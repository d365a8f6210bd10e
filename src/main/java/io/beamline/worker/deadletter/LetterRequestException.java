package io.beamline.worker.deadletter;

import org.springframework.http.HttpStatus;

/** Thrown when a request over HTTP cannot be fulfilled. Its message is a sentence. */
final class LetterRequestException extends Exception {

  private static final long serialVersionUID = 1L;

  private final HttpStatus status;

  private LetterRequestException(HttpStatus status, String sentence) {
    super(sentence);
    this.status = status;
  }

  /** Returns an exception for a request that is not valid. */
  static LetterRequestException invalid(String sentence) {
    return new LetterRequestException(HttpStatus.BAD_REQUEST, sentence);
  }

  /** Returns an exception for a letter that is not there. */
  static LetterRequestException notFound(String sentence) {
    return new LetterRequestException(HttpStatus.NOT_FOUND, sentence);
  }

  /** Returns an exception for a request that comes while another is served. */
  static LetterRequestException busy(String sentence) {
    return new LetterRequestException(HttpStatus.CONFLICT, sentence);
  }

  /** Returns an exception for what NATS does not allow now. */
  static LetterRequestException unavailable(String sentence) {
    return new LetterRequestException(HttpStatus.SERVICE_UNAVAILABLE, sentence);
  }

  /** Returns the status of the response. */
  HttpStatus status() {
    return status;
  }

  /** Returns the reason as a sentence. */
  String sentence() {
    return String.valueOf(getMessage());
  }
}
