/**
 * Blocks: the code that does the work of a step. A {@code BlockCall} comes in, with the payload and
 * the limits of one attempt. {@code Outputs} or a {@code StepFailure} go out. The subpackages have
 * the HTTP and file blocks; {@code echo} and {@code sleep} are here. A new block is one class that
 * implements {@code Block} and is declared as a bean.
 */
@NullMarked
package io.beamline.worker.block;

import org.jspecify.annotations.NullMarked;
