package io.beamline.worker.destination;

/** What an attempt says about its destination. */
public enum AttemptVerdict {
  /** The destination did its work, or answered that the request was wrong. */
  WORKED,
  /** The destination failed. */
  FAILED,
  /** Nothing: the attempt did not reach it, or was cancelled. */
  NOTHING
}
