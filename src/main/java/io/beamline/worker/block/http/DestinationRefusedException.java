package io.beamline.worker.block.http;

import java.io.IOException;

/** Thrown when the rules permit no address of a host. It has no stack trace. */
final class DestinationRefusedException extends IOException {

  DestinationRefusedException() {
    super("The destination is not allowed");
  }

  @Override
  public synchronized Throwable fillInStackTrace() {
    return this;
  }
}
