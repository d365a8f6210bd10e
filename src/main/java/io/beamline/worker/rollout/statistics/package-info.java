/**
 * Significance tests for two groups that differ in one flag. Counts by stratum come in; a p-value
 * with the name of its test goes out. All of it is pure: no clock, no Spring.
 */
@NullMarked
package io.beamline.worker.rollout.statistics;

import org.jspecify.annotations.NullMarked;
