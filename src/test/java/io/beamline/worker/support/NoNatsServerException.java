package io.beamline.worker.support;

/** Nothing of this machine runs a NATS server, and none could be fetched. */
public final class NoNatsServerException extends IllegalStateException {

  private static final long serialVersionUID = 1L;

  NoNatsServerException(String message) {
    super(message);
  }
}
