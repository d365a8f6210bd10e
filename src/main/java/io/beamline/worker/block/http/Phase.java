package io.beamline.worker.block.http;

/** The phases of a request, in their order. */
enum Phase {
  /** Waits for a pooled connection, or for room to open one. */
  WAITING,
  /** Looks up the host's name and connects. */
  CONNECTING,
  /** Connected; the TLS handshake, if there is one, runs. */
  HANDSHAKING,
  /** The request is being written. */
  SENDING,
  /** The request is written; the response is awaited or arrives. */
  RECEIVING
}
