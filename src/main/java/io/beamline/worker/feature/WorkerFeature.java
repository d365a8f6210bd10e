package io.beamline.worker.feature;

import org.togglz.core.Feature;
import org.togglz.core.annotation.Label;

/** The flags of CP2 (contract section 5). Each adds to CP1; all are off by default. */
public enum WorkerFeature implements Feature {
  /** Exponential backoff, classified errors and a time budget for retries (W3-1). */
  @Label("Advanced retry: exponential backoff, only retryable errors, within the deadline")
  @Checkpoint2
  CP2_ADVANCED_RETRY_ENABLED,
  /** Timeouts for every operation and for the whole step (W3-2). */
  @Label("Complete timeout: every operation and the whole step are cut at their deadline")
  @Checkpoint2
  CP2_COMPLETE_TIMEOUT_ENABLED,
  /** Bounded queues with a rejection policy and an overload status (W3-4). */
  @Label("Queue management: bounded queues, rejection policy, overload status")
  @Checkpoint2
  CP2_QUEUE_MANAGEMENT_ENABLED,

  /** Assignments can be cancelled on request (W3-3). */
  @Label("Cancellation: assignments end on request, wherever they are")
  @Checkpoint2
  CP2_CANCELLATION_ENABLED,

  /** Destinations that fail are left alone until they recover (W3-5). */
  @Label("Circuit breaker: destinations that fail are left alone until they recover")
  @Checkpoint2
  CP2_CIRCUIT_BREAKER_ENABLED
}
