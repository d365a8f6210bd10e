/** Holds CP1 to what the build before the flags did. */
@NullMarked
package io.beamline.worker.parity;

import org.jspecify.annotations.NullMarked;
