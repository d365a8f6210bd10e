package io.beamline.worker.deadletter;

import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * How far a letter's replay is.
 *
 * @param state how far
 * @param at when the server noted it; null while it is open
 */
record Mark(State state, @Nullable Instant at) {

  static final Mark OPEN = new Mark(State.OPEN, null);

  /** How far a replay is. It only ever goes on, never back. */
  enum State {
    /** Nobody has begun. */
    OPEN,
    /** Somebody has begun, and it is not known whether the assignment was published. */
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
