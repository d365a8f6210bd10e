/** Compares the steps under each flag with those without it. */
@NullMarked
package io.beamline.worker.rollout;

import org.jspecify.annotations.NullMarked;
