/** Requests to services over the worker's own connection to NATS. */
@NullMarked
package io.beamline.worker.block.nats;

import org.jspecify.annotations.NullMarked;
