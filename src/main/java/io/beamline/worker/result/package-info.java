/**
 * Acks, results, heartbeats and dead letters: published, confirmed, and then acknowledged to the
 * server.
 */
@NullMarked
package io.beamline.worker.result;

import org.jspecify.annotations.NullMarked;
