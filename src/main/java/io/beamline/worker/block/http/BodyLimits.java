package io.beamline.worker.block.http;

import org.jspecify.annotations.Nullable;

/**
 * How large a response's body may be, in bytes. Immutable.
 *
 * @param configured the largest body, as it is configured
 * @param publishable the largest result that the server takes
 */
record BodyLimits(long configured, long publishable) {

  /** What is wrong with a body that has, or will have, at least this size; null when nothing is. */
  @Nullable RuntimeException exceededBy(long size) {
    if (size > configured) {
      return new ResponseTooLarge(configured);
    }
    return size > publishable ? new ResponseUnpublishable(size, publishable) : null;
  }
}
