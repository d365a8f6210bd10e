/**
 * Decides whether and when a failed attempt is retried. A {@code FailedAttempt} and the {@code
 * RetryRules} come in; a {@code RetryDecision} goes out. The package makes decisions only: {@code
 * execution} waits and runs the next attempt. It reads no clock and knows no Spring.
 */
@NullMarked
package io.beamline.worker.retry;

import org.jspecify.annotations.NullMarked;
