/** Measures the built jar beside the least that any worker must do. */
@NullMarked
package io.beamline.worker.bench;

import org.jspecify.annotations.NullMarked;
