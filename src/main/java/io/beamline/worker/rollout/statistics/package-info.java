/** Statistics of the rollout: pure functions of counts. */
@NullMarked
package io.beamline.worker.rollout.statistics;

import org.jspecify.annotations.NullMarked;
