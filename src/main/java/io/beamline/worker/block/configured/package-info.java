/**
 * Step types by configuration: a block with inputs of the operator's, and what becomes of its
 * outputs (contract section 4).
 */
@NullMarked
package io.beamline.worker.block.configured;

import org.jspecify.annotations.NullMarked;
