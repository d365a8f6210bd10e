/** Measures the built jar beside the least that any worker must do; here, what is measured. */
@NullMarked
package io.beamline.worker.bench;

import org.jspecify.annotations.NullMarked;
