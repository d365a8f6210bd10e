/**
 * Deadlines and timeouts, as values and arithmetic on a monotonic clock. Callers pass the current
 * time in, so all of it can be tested without waiting. {@code TimeSource} is the only access to the
 * clocks of the machine.
 */
@NullMarked
package io.beamline.worker.timeout;

import org.jspecify.annotations.NullMarked;
