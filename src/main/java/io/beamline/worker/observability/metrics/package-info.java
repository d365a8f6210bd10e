/**
 * The worker's meters (contract section 10). Other rooms report what happened; this room turns it
 * into counters, timers and gauges, and is the only one that uses Micrometer.
 */
@NullMarked
package io.beamline.worker.observability.metrics;

import org.jspecify.annotations.NullMarked;
