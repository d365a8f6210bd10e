/**
 * Health (contract section 9). Other packages declare checks and details as beans. This package
 * shows them in {@code /actuator/health} and its probes, and counts each check as a metric.
 */
@NullMarked
package io.beamline.worker.observability.health;

import org.jspecify.annotations.NullMarked;
