package io.beamline.worker.block.http;

/** A response's body passed its limit. It has no stack trace. */
final class ResponseTooLarge extends RuntimeException {

  private final long limitBytes;

  ResponseTooLarge(long limitBytes) {
    super("The response is too large", null, false, false);
    this.limitBytes = limitBytes;
  }

  /** The limit, in bytes. */
  long limitBytes() {
    return limitBytes;
  }
}
