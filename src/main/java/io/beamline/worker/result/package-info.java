/**
 * Publishes acks, results, heartbeats and dead letters. In come the deliveries of the intake and
 * the results of steps. Out go messages to NATS: each is kept and published again until the server
 * confirms it. After that the assignment is acknowledged, so that the server does not deliver it
 * again. Until then the package renews the lease on the delivery.
 */
@NullMarked
package io.beamline.worker.result;

import org.jspecify.annotations.NullMarked;
