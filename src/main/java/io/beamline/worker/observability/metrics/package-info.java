/**
 * The worker's meters (contract section 10). Other packages report events. This package records
 * them as counters, timers and gauges, and is the only one that uses Micrometer.
 */
@NullMarked
package io.beamline.worker.observability.metrics;

import org.jspecify.annotations.NullMarked;
