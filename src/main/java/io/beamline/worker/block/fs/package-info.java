/** The file blocks and the file service under them. */
@NullMarked
package io.beamline.worker.block.fs;

import org.jspecify.annotations.NullMarked;
