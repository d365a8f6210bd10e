package io.beamline.worker.destination;

import java.time.Duration;

/**
 * When a circuit breaker opens and closes (W3-5.1). Immutable.
 *
 * @param window the attempts that it looks at, 1 or more
 * @param minimum the attempts it needs to decide, 1 to {@code window}
 * @param failureRate the percentage of failed attempts at which it opens, 1 to 100
 * @param openFor how long it stays open before it tries the destination, more than zero
 * @param trials the attempts with which it tries the destination, 1 or more
 */
public record BreakerRule(int window, int minimum, int failureRate, Duration openFor, int trials) {}
