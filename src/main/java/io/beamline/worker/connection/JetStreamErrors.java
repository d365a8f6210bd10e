package io.beamline.worker.connection;

import java.util.Set;

/** The errors of JetStream that are no failure, or ask for something of their own. */
public final class JetStreamErrors {

  /** There is no such consumer. */
  public static final int CONSUMER_NOT_FOUND = 10_014;

  /** There is no message at or after the place that was asked for. */
  public static final int NO_MESSAGE = 10_037;

  /** A message is larger than its stream takes. */
  public static final int MESSAGE_TOO_LARGE = 10_054;

  /** There is no such stream. */
  public static final int STREAM_NOT_FOUND = 10_059;

  /** What a single server answers when somebody else has written first, and what a cluster does. */
  private static final Set<Integer> WRONG_LAST_SEQUENCE = Set.of(10_071, 10_164);

  private JetStreamErrors() {}

  /** Whether an error says that somebody else has written first. */
  public static boolean isWrongLastSequence(int errorCode) {
    return WRONG_LAST_SEQUENCE.contains(errorCode);
  }
}
