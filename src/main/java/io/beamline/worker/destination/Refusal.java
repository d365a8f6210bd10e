package io.beamline.worker.destination;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Why no attempt is made: the destination's circuit breaker is not closed. Immutable.
 *
 * @param destination the destination's name
 * @param retryAfter when it will be tried, zero or more; null if an operator decides that
 */
public record Refusal(String destination, @Nullable Duration retryAfter) {}
