/**
 * Shows operators what a feature flag changes. The intake reports arrivals, the queue and the
 * execution report rejections and results; all are counted by step type and set of flags. {@code
 * GET /actuator/rollout} returns the counts, a significance test for each measure, and a verdict.
 */
@NullMarked
package io.beamline.worker.rollout;

import org.jspecify.annotations.NullMarked;
