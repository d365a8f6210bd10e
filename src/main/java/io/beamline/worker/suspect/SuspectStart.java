package io.beamline.worker.suspect;

/** What the bucket says about a suspect that is about to run for the first time in a delivery. */
public sealed interface SuspectStart {

  /**
   * The bucket now has one start more. If the worker dies, the start stays recorded. Thread-safe.
   */
  non-sealed interface Recorded extends SuspectStart {

    /**
     * Takes the start back, because the assignment goes back to the server unharmed. Does nothing
     * if another worker has recorded a start since. Never throws and never waits: without a session
     * the start stays recorded.
     */
    void takeBack();
  }

  /**
   * The limit of starts is reached. This start is not recorded.
   *
   * @param starts the recorded starts
   */
  record TooMany(long starts) implements SuspectStart {}

  /** Why no start is recorded. */
  enum NotRecorded implements SuspectStart {

    /** There is no bucket, or the worker may not use it. */
    NO_BUCKET,

    /** The bucket does not answer, or NATS is away. */
    UNREADABLE
  }
}
