package io.beamline.worker.result;

import java.util.function.IntFunction;

/**
 * A message to be published. Immutable, if nobody changes its headers and bytes.
 *
 * @param kind the kind of message
 * @param subject the subject to publish to
 * @param headers its headers, none empty
 * @param body its payload
 * @param shrink writes a payload of at most the given bytes, for a server that takes less than
 *     before; if that is impossible, the smallest possible payload
 */
record OutgoingMessage(
    MessageKind kind,
    String subject,
    HeaderLines headers,
    byte[] body,
    IntFunction<byte[]> shrink) {

  /** The memory of a message without its payload, in bytes, as measured. */
  private static final int OVERHEAD = 1_000;

  /** The kind of a published message. */
  enum MessageKind {
    ACK,
    RESULT,
    DEAD_LETTER
  }

  /** Returns the size that the server counts: headers and payload, in bytes. */
  long size() {
    return (long) headers.serializedLength() + body.length;
  }

  /** Returns this message, or a smaller one if it is larger than the limit in bytes. */
  OutgoingMessage shrunkTo(long limit) {
    return size() <= limit
        ? this
        : new OutgoingMessage(kind, subject, headers, shrink.apply(room(headers, limit)), shrink);
  }

  /** Returns the bytes that remain for the payload under a limit, at least 0. */
  static int room(HeaderLines headers, long limit) {
    return Math.clamp(limit - headers.serializedLength(), 0, Integer.MAX_VALUE);
  }

  /** Returns the memory of this message, in bytes. */
  int weight() {
    return body.length + OVERHEAD;
  }
}
