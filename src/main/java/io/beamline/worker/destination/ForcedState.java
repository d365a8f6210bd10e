package io.beamline.worker.destination;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What an operator wants of a destination's circuit breaker (W3-5.3). */
public enum ForcedState {
  /** No attempt is made until the operator says otherwise. */
  OPEN,
  /** Attempts are made, whatever fails. */
  CLOSED,
  /** The breaker decides. */
  AUTO;

  private final String wireName = name().toLowerCase(Locale.ROOT);

  /** Returns the name at the endpoint and in the store. */
  public String wireName() {
    return wireName;
  }

  /** Returns the state of this name, or null if there is none. */
  public static @Nullable ForcedState of(@Nullable String name) {
    for (ForcedState state : values()) {
      if (state.wireName.equals(name)) {
        return state;
      }
    }
    return null;
  }
}
