package io.beamline.worker.training;

/** The training failed, and there is no cache. The message says why, for who builds the image. */
final class TrainingException extends Exception {

  private static final long serialVersionUID = 1L;

  TrainingException(String message) {
    super(message);
  }
}
