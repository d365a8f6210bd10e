/**
 * The wire records of the worker's contract, its error codes and outcomes, and reading and writing
 * them as JSON.
 */
@NullMarked
package io.beamline.worker.contract;

import org.jspecify.annotations.NullMarked;
