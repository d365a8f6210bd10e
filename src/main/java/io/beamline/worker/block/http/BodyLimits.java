package io.beamline.worker.block.http;

import org.jspecify.annotations.Nullable;

/**
 * The limits for the body of a response, in bytes. Immutable.
 *
 * @param configured the largest body that the settings allow
 * @param publishable the largest result that the NATS server accepts
 */
record BodyLimits(long configured, long publishable) {

  /**
   * Returns the exception for a body of at least this size, or null if the size is within the
   * limits.
   */
  @Nullable RuntimeException exceededBy(long size) {
    if (size > configured) {
      return new ResponseTooLargeException(configured);
    }
    return size > publishable ? new ResponseUnpublishableException(size, publishable) : null;
  }
}
