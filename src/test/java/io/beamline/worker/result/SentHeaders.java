package io.beamline.worker.result;

import io.nats.client.impl.Headers;
import io.nats.client.support.IncomingHeadersProcessor;

/** Reads the headers of a message as its receiver does. */
final class SentHeaders {

  private SentHeaders() {}

  static Headers of(HeaderLines lines) {
    Headers headers = new IncomingHeadersProcessor(lines.toHeaders().getSerialized()).getHeaders();
    return headers == null ? new Headers() : headers;
  }
}
