/** The connection to NATS, session by session, and the streams and the consumer it needs. */
@NullMarked
package io.beamline.worker.connection;

import org.jspecify.annotations.NullMarked;
