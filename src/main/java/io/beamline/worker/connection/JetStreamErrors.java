package io.beamline.worker.connection;

import io.nats.client.JetStreamApiException;
import java.util.Set;

/** The JetStream error codes that the worker handles specially. */
public final class JetStreamErrors {

  /** The account may not use JetStream. */
  static final int NOT_ENABLED_FOR_ACCOUNT = 10_039;

  /** There is no such consumer. */
  public static final int CONSUMER_NOT_FOUND = 10_014;

  /** There is no message at or after the requested sequence. */
  public static final int NO_MESSAGE = 10_037;

  /** A message is larger than its stream allows. */
  public static final int MESSAGE_TOO_LARGE = 10_054;

  /** There is no such stream. */
  public static final int STREAM_NOT_FOUND = 10_059;

  /** Another client has written first: the code of a single server and that of a cluster. */
  private static final Set<Integer> WRONG_LAST_SEQUENCE = Set.of(10_071, 10_164);

  /** Errors from this HTTP-like code on are the server's fault, not the request's. */
  private static final int SERVER_ERROR = 500;

  private JetStreamErrors() {}

  /**
   * Returns whether a request failed through the server, for example because another server of the
   * cluster is away. The same request may succeed later.
   */
  public static boolean isServerError(JetStreamApiException e) {
    return e.getErrorCode() >= SERVER_ERROR;
  }

  /** Returns whether an error code says that another client has written first. */
  public static boolean isWrongLastSequence(int errorCode) {
    return WRONG_LAST_SEQUENCE.contains(errorCode);
  }
}
