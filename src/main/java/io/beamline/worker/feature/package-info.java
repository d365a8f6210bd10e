/** The CP2 feature flags: their states, and the snapshot one assignment runs under. */
@NullMarked
package io.beamline.worker.feature;

import org.jspecify.annotations.NullMarked;
