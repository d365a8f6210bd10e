/** The least that any worker must do, in plain jnats, as a process of its own. */
@NullMarked
package io.beamline.worker.bench.floor;

import org.jspecify.annotations.NullMarked;
