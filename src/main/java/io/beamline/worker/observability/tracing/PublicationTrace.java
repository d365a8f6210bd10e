package io.beamline.worker.observability.tracing;

/** The span of one publication. Thread-safe; no method throws. */
public interface PublicationTrace {

  /** Returns what to run once the server has stored the message: it ends the span first. */
  Runnable endingBefore(Runnable confirmed);
}
