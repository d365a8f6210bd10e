/** Breaks what a worker depends on, under load, and counts what became of each assignment. */
@NullMarked
package io.beamline.worker.fault;

import org.jspecify.annotations.NullMarked;
