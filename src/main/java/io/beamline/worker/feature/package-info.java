/**
 * The CP2 feature flags (contract section 5). The settings give each flag its state at start. A
 * {@link io.beamline.worker.feature.FlagStore} keeps the states that operators choose later, in the
 * console or by HTTP. {@link io.beamline.worker.feature.FeatureFlags} goes out to the other
 * packages: the intake takes a {@link io.beamline.worker.feature.FlagSnapshot} for each assignment,
 * and the pools read the queue flag. No other package sees Togglz.
 */
@NullMarked
package io.beamline.worker.feature;

import org.jspecify.annotations.NullMarked;
