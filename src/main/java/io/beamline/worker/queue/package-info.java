/** The pools that steps wait for and run in. */
@NullMarked
package io.beamline.worker.queue;

import org.jspecify.annotations.NullMarked;
