package io.beamline.worker.block.http;

import java.io.IOException;

/** No address of a host is one that may be connected to. It has no stack trace. */
final class DestinationRefused extends IOException {

  DestinationRefused() {
    super("The destination is not allowed");
  }

  @Override
  public synchronized Throwable fillInStackTrace() {
    return this;
  }
}
