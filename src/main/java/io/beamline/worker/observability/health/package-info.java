/**
 * Health (contract section 9). Other rooms declare checks and details; this room shows them in
 * {@code /actuator/health}, in its probes, and as a metric.
 */
@NullMarked
package io.beamline.worker.observability.health;

import org.jspecify.annotations.NullMarked;
