/**
 * The service that people write by hand for the same messages, with Spring Boot and jnats. It keeps
 * nothing but what a good day needs: no memory of redelivered assignments, no leases, no validation
 * of what it gets, no limits per destination, no deadlines, no retries that outlive a restart.
 */
@NullMarked
package io.beamline.worker.bench.plain;

import org.jspecify.annotations.NullMarked;
