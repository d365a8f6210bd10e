/**
 * Keeps the worker connected to NATS. Settings of {@code nats.spring.*} and {@code worker.nats.*}
 * come in. A {@link io.beamline.worker.connection.NatsSession} goes out to each {@link
 * io.beamline.worker.connection.SessionListener}: one connection whose streams and consumer were
 * found, or created, and checked. When a connection is lost, its session ends and a new one begins.
 * While NATS is away, the worker is not ready and says why.
 */
@NullMarked
package io.beamline.worker.connection;

import org.jspecify.annotations.NullMarked;
