/**
 * Trains the cache of classes of the image. {@code TrainingRun} has a {@code main} of its own: it
 * starts a NATS server and a worker that records what it loads and runs, has it run thousands of
 * steps, and ends it. The worker itself uses nothing of this.
 */
@NullMarked
package io.beamline.worker.training;

import org.jspecify.annotations.NullMarked;
