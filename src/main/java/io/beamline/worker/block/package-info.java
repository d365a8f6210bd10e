/** The block interface, its inputs and failures, and the simple blocks. */
@NullMarked
package io.beamline.worker.block;

import org.jspecify.annotations.NullMarked;
