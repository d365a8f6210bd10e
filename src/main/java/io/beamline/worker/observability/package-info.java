/** Meters, health and the log format. */
@NullMarked
package io.beamline.worker.observability;

import org.jspecify.annotations.NullMarked;
