package io.beamline.worker.timeout;

import java.time.Duration;

/**
 * The timeout of each operation of an attempt (contract section 5, complete timeout). {@link
 * #UNLIMITED} means that the operation has no timeout of its own. Immutable.
 *
 * @param httpAttempt a whole HTTP attempt, from the connect to the last byte of the body
 * @param httpConnect three separate phases: the name lookup with the connect, the TLS handshake,
 *     and the wait for a pooled connection
 * @param httpResponse the time from the last byte of the request to the last byte of the response;
 *     while the request is sent, the longest time without a byte in either direction
 * @param fileRead one file read
 * @param fileWrite one file write
 * @param fileDelete one file delete
 * @param sqlQuery one SQL statement, from the wait for a connection to the last row
 * @param natsRequest one request over NATS, from its publication to the reply
 * @param longest what no operation may take longer than, whatever its job asks for
 */
public record OperationTimeouts(
    Duration httpAttempt,
    Duration httpConnect,
    Duration httpResponse,
    Duration fileRead,
    Duration fileWrite,
    Duration fileDelete,
    Duration sqlQuery,
    Duration natsRequest,
    Duration longest) {

  /** No timeout. */
  public static final Duration UNLIMITED = Duration.ofNanos(Deadline.FOREVER_NANOS);

  /**
   * Returns the timeouts of CP1: one for a whole attempt with a server, none for files.
   *
   * @param attempt the assignment's {@code deadline_ms}, or its default
   */
  public static OperationTimeouts cp1(Duration attempt) {
    return new OperationTimeouts(
        attempt, UNLIMITED, UNLIMITED, UNLIMITED, UNLIMITED, UNLIMITED, attempt, attempt, attempt);
  }

  /**
   * Returns these timeouts with another one for each operation but the connect. An operation that
   * is limited by a whole attempt (CP1) takes no longer than that, and one that is unlimited stays
   * so.
   */
  public OperationTimeouts withOperation(Duration timeout) {
    boolean ofAttempt = !httpAttempt.equals(UNLIMITED);
    Duration ofServer = ofAttempt ? Durations.shorter(httpAttempt, timeout) : timeout;
    return new OperationTimeouts(
        ofAttempt ? ofServer : UNLIMITED,
        httpConnect,
        limited(httpResponse, timeout),
        limited(fileRead, timeout),
        limited(fileWrite, timeout),
        limited(fileDelete, timeout),
        ofServer,
        ofServer,
        ofServer);
  }

  private static Duration limited(Duration before, Duration timeout) {
    return before.equals(UNLIMITED) ? UNLIMITED : timeout;
  }
}
