package io.beamline.worker.destination;

import org.jspecify.annotations.Nullable;

/**
 * What operators see of a destination (contract section 9). Immutable.
 *
 * @param name its name
 * @param override the override that matches it, null if none does
 * @param state the state of its breaker
 * @param forced what an operator wants; {@code AUTO} if the breaker decides
 * @param sinceMillis when the state began, milliseconds since the epoch
 * @param attempts the attempts in the breaker's window
 * @param failureRate the failed ones in percent, 0 to 100
 * @param attemptsLately the attempts of the last 10 s
 * @param inFlight the attempts that are made now
 * @param parked those that wait for the breaker
 * @param waiting those that wait for a limit
 * @param slowestMs the slowest attempt that ended in the last 10 s, in milliseconds
 * @param retryAfterMs the time until it is tried; null if the breaker is closed or forced
 */
public record DestinationView(
    String name,
    @Nullable String override,
    BreakerState state,
    ForcedState forced,
    long sinceMillis,
    int attempts,
    double failureRate,
    int attemptsLately,
    int inFlight,
    int parked,
    int waiting,
    long slowestMs,
    @Nullable Long retryAfterMs) {}
