package io.beamline.worker.deadletter;

import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The state of a letter's replay.
 *
 * @param state the state
 * @param at when the server recorded it; null while it is open
 */
record ReplayMark(State state, @Nullable Instant at) {

  static final ReplayMark OPEN = new ReplayMark(State.OPEN, null);

  /** The state of a replay. It only advances. */
  enum State {
    /** Not begun. */
    OPEN,
    /** Begun; it is not known whether the assignment was published. */
    STARTED,
    /** The assignment was published. */
    DONE;

    private final String wireName = name().toLowerCase(Locale.ROOT);

    /** The name as it is stored and listed. */
    String wireName() {
      return wireName;
    }
  }
}
