package io.beamline.worker.feature;

import org.jspecify.annotations.Nullable;

/**
 * The state of a flag at start. Immutable.
 *
 * @param enabled whether the flag is on
 * @param percentage for how many percent of the assignments it is on; null for all
 */
record InitialFlag(boolean enabled, @Nullable String percentage) {

  static final InitialFlag ON = new InitialFlag(true, null);
  static final InitialFlag OFF = new InitialFlag(false, null);
}
