/** The worker's entry point. */
@NullMarked
package io.beamline.worker;

import org.jspecify.annotations.NullMarked;
