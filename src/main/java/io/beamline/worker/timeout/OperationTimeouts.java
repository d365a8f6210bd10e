package io.beamline.worker.timeout;

import java.time.Duration;

/**
 * How long each operation of one attempt may take (contract section 5, complete timeout).
 * Immutable; {@link #UNLIMITED} stands for no timeout of its own.
 *
 * @param httpAttempt a whole HTTP attempt, from the connect to the last byte of the body
 * @param httpConnect name lookup and connect, and separately the TLS handshake and the wait for a
 *     pooled connection
 * @param httpResponse from the request's last byte to the response's last, and while the request is
 *     sent the time without a byte either way
 * @param fileRead one file read
 * @param fileWrite one file write
 * @param fileDelete one file delete
 */
public record OperationTimeouts(
    Duration httpAttempt,
    Duration httpConnect,
    Duration httpResponse,
    Duration fileRead,
    Duration fileWrite,
    Duration fileDelete) {

  /** No timeout. */
  public static final Duration UNLIMITED = Duration.ofNanos(Deadline.FOREVER_NANOS);

  /** CP1: one timeout per HTTP attempt, none for files. */
  public static OperationTimeouts cp1(Duration httpAttempt) {
    return new OperationTimeouts(
        httpAttempt, UNLIMITED, UNLIMITED, UNLIMITED, UNLIMITED, UNLIMITED);
  }
}
