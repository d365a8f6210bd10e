/**
 * Decides when an attempt may use a destination: a server, a file root (W3-5, contract section 5).
 * {@code Destinations} has a {@code Destination} for each name, with its circuit breaker, its
 * limits and the line of those who wait. The room knows neither steps nor Spring: a {@code Waiter}
 * comes in, a {@code Permit} goes out.
 */
@NullMarked
package io.beamline.worker.destination;

import org.jspecify.annotations.NullMarked;
