package io.beamline.worker.cancellation;

import io.beamline.worker.contract.CancelRequest;
import org.jspecify.annotations.Nullable;

/**
 * A request that the worker has received. Immutable.
 *
 * @param request the request
 * @param storedMillis when the server stored it, in ms since the epoch; in core delivery, when it
 *     was received
 * @param receivedNanos when the worker received it, on the monotonic clock
 * @param endNanos until when it holds, on the monotonic clock
 */
record ReceivedRequest(
    CancelRequest request, long storedMillis, long receivedNanos, long endNanos) {

  private static final int OBJECTS_BYTES = 300;

  /** Returns whether it no longer holds. */
  boolean hasExpired(long nowNanos) {
    return nowNanos - endNanos >= 0;
  }

  /** Returns an estimate of its memory, in bytes. */
  long weight() {
    return OBJECTS_BYTES
        + 2L * length(request.reason())
        + 2L * length(request.requestedBy())
        + 2L * request.target().tenantId().length()
        + 2L * request.target().id().length();
  }

  private static int length(@Nullable String text) {
    return text == null ? 0 : text.length();
  }
}
