/**
 * Shares the states of the flags in a fleet, if the settings ask for it. The states are in a
 * key-value bucket of JetStream. {@link io.beamline.worker.connection.NatsSession}s come in. Each
 * state that is read goes out to the {@link io.beamline.worker.feature.FlagStoreListener}; each
 * change by an operator goes to the bucket.
 */
@NullMarked
package io.beamline.worker.flagstore;

import org.jspecify.annotations.NullMarked;
