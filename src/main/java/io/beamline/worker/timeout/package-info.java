/** Deadlines and operation timeouts on a monotonic clock. */
@NullMarked
package io.beamline.worker.timeout;

import org.jspecify.annotations.NullMarked;
