/**
 * Counts how often an assignment may have been the death of its worker (contract section 6). The
 * leases of suspects that begin to run come in. The counts go to a key-value bucket that the fleet
 * shares; what a count means for the step is decided in the package {@code execution}.
 */
@NullMarked
package io.beamline.worker.suspect;

import org.jspecify.annotations.NullMarked;
