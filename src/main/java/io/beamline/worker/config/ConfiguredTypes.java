package io.beamline.worker.config;

import java.util.Collections;
import java.util.SortedMap;

/**
 * The step types of {@code worker.types}, checked as far as that is possible without the blocks.
 * Immutable.
 *
 * @param byName by their names, in the order of these
 */
public record ConfiguredTypes(SortedMap<String, StepTypeProperties> byName) {

  /** There are no such types. */
  public static final ConfiguredTypes NONE = new ConfiguredTypes(Collections.emptySortedMap());
}
