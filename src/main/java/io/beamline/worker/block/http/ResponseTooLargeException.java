package io.beamline.worker.block.http;

/** Thrown when a body exceeds the configured limit. It has no stack trace. */
final class ResponseTooLargeException extends RuntimeException {

  private final long limitBytes;

  ResponseTooLargeException(long limitBytes) {
    super("The response is too large", null, false, false);
    this.limitBytes = limitBytes;
  }

  /** Returns the limit, in bytes. */
  long limitBytes() {
    return limitBytes;
  }
}
