/** Runs one step: attempts, waits between them, and its end. */
@NullMarked
package io.beamline.worker.execution;

import org.jspecify.annotations.NullMarked;
