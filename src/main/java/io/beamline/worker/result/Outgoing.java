package io.beamline.worker.result;

import java.util.function.IntFunction;

/**
 * A message to be published. Nobody changes its headers or bytes.
 *
 * @param kind what it is
 * @param subject where it goes
 * @param headers its headers, none empty
 * @param body its payload
 * @param smaller writes its payload anew for so many bytes, for a server that takes less than it
 *     did; as small as can be where it cannot be that small
 */
record Outgoing(
    Kind kind, String subject, HeaderLines headers, byte[] body, IntFunction<byte[]> smaller) {

  /** What is published. */
  enum Kind {
    ACK,
    RESULT,
    DEAD_LETTER
  }

  /** The bytes that the server counts: headers and payload. */
  long size() {
    return (long) headers.serializedLength() + body.length;
  }

  /** The same message for a server that takes so many bytes. */
  Outgoing fitting(long limit) {
    return size() <= limit
        ? this
        : new Outgoing(kind, subject, headers, smaller.apply(room(headers, limit)), smaller);
  }

  /** What headers leave of a limit for the payload; never below 0. */
  static int room(HeaderLines headers, long limit) {
    return Math.clamp(limit - headers.serializedLength(), 0, Integer.MAX_VALUE);
  }

  /** How much memory it takes, in bytes: what is more than the payload was measured. */
  int weight() {
    return body.length + OVERHEAD;
  }

  private static final int OVERHEAD = 1_000;
}
