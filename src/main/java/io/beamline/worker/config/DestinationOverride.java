package io.beamline.worker.config;

import io.beamline.worker.destination.DestinationLimits;

/**
 * What {@code worker.destinations.overrides.<name>} says. Immutable.
 *
 * @param name the name, as in the setting
 * @param match which destinations are meant, as text
 * @param limits their limits
 */
public record DestinationOverride(String name, String match, DestinationLimits limits) {}
