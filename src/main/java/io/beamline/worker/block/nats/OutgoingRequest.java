package io.beamline.worker.block.nats;

import io.nats.client.impl.Headers;

/**
 * One request. Not changed after its creation.
 *
 * @param subject where it goes
 * @param headers its headers, the worker's included
 * @param body its body
 * @param timeoutMs how long the job lets the reply take, in ms; 0 if it does not say
 */
record OutgoingRequest(String subject, Headers headers, byte[] body, long timeoutMs) {

  /** Returns the size that the server compares with its limit, in bytes. */
  long size() {
    return (long) headers.serializedLength() + body.length;
  }

  /** Returns only the sizes, so that no payload reaches a log. */
  @Override
  public String toString() {
    return "OutgoingRequest[" + size() + " bytes]";
  }
}
