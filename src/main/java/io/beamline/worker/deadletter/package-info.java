/** The commands that list, show and replay dead letters. */
@NullMarked
package io.beamline.worker.deadletter;

import org.jspecify.annotations.NullMarked;
