/**
 * The pools: steps wait here for a slot, and run in it. The intake submits a {@code Step}, which is
 * queued, or rejected when queue management is on and the queue is full. A thread of the pool then
 * runs one attempt through {@code execution}. Steps come back for further attempts. At shutdown the
 * pools hand back what cannot finish.
 */
@NullMarked
package io.beamline.worker.queue;

import org.jspecify.annotations.NullMarked;
