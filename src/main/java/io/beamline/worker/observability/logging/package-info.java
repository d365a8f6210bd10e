/**
 * The log (contract section 11). Log events come in from all packages; JSON lines without secrets
 * go out. The package also limits the rate of repeated lines, and logs failures of periodic tasks.
 */
@NullMarked
package io.beamline.worker.observability.logging;

import org.jspecify.annotations.NullMarked;
