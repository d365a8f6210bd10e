package io.beamline.worker.result;

import io.nats.client.impl.Headers;

/**
 * A message to be published. Nobody changes its headers or bytes.
 *
 * @param kind what it is
 * @param subject where it goes
 * @param headers its headers, none empty
 * @param body its payload
 */
record Outgoing(Kind kind, String subject, Headers headers, byte[] body) {

  /** What is published. */
  enum Kind {
    ACK,
    RESULT,
    DEAD_LETTER
  }

  /** About how much memory it takes, in bytes. */
  int weight() {
    return body.length + OVERHEAD;
  }

  private static final int OVERHEAD = 1_024;
}
